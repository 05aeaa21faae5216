/// What gradcheck reports of a check, and the words for what was checked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checking/gradient_check.h"
#include "commands/options/parse.h"
#include "report/gradcheck.h"

namespace losscalc::commands {

/// What is checked, as a report says it.
struct Checked {
  std::string subject;                      ///< the canonical specification
  std::string gradient = "losscalc's own";  ///< where it comes from
  double tolerance = 1e-7;
  /// The terms by which a failed gradient is explained; none: it is not.
  const checking::NamedTerms* explained_by = nullptr;
};

/// Runs the check. Throws Error as evaluation does.
report::GradientCheckReport report_of(const checking::GradientCheck& check,
                                      const differentiation::CheckRequest& request,
                                      const Checked& checked, const ParsedOptions& options);

/// --rtol, if it is given. Throws Error(bad_value).
std::optional<double> given_tolerance(const ParsedOptions& options);

std::string random_subject(const std::string& loss, const std::string& regime);

}  // namespace losscalc::commands
