/// The result of a gradient check as text and JSON (schema losscalc.gradcheck/1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checking/diagnosis.h"
#include "differentiation/check.h"
#include "differentiation/hessian.h"
#include "evaluation/arrays/data.h"

namespace losscalc::report {

struct CheckedInput {
  std::string name;
  Shape shape;
};

/// What was checked, beside the verdicts.
struct GradientCheckReport {
  std::string subject;                      ///< the canonical specification, or the program
  std::string gradient = "losscalc's own";  ///< where it comes from
  std::vector<CheckedInput> inputs;
  std::string method;
  double tolerance = 1e-7;
  std::uint64_t seed = 1;
  bool strict = false;
  differentiation::CheckResult result;
  std::optional<checking::Diagnosis> diagnosis = {};
  std::string look_closer = {};  ///< how to see more of the worst entry
};

/// Whether no entry failed, not all are inconclusive (none, if strict), and dual numbers and
/// differences agree.
bool passed(const GradientCheckReport& report);

/// At most 40 lines.
std::string gradcheck_text(const GradientCheckReport& report, bool color);
/// `against`: the same gradient held against a loss of losscalc.
std::string gradcheck_json(const GradientCheckReport& report,
                           const GradientCheckReport* against = nullptr);

/// What came of differentiating a gradient.
struct HessianReport {
  std::string subject;
  std::uint64_t seed = 1;
  differentiation::HessianResult result;
};
bool hessian_passed(const HessianReport& report);
std::string hessian_text(const HessianReport& report);
std::string hessian_json(const HessianReport& report);

/// One line for each report, and what failed in full.
std::string gradcheck_all_text(const std::vector<GradientCheckReport>& reports);
std::string gradcheck_all_json(const std::vector<GradientCheckReport>& reports);

/// `pred[3,1]`.
std::string entry_name(const CheckedInput& input, std::size_t entry);

std::string_view name(differentiation::Verdict verdict);
/// Why, in a few words; empty where there is nothing to say.
std::string_view help(differentiation::Reason reason);

}  // namespace losscalc::report
