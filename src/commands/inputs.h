/// From the files of a command line to the arrays of each term.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/options.h"
#include "evaluation/evaluate.h"
#include "io/read.h"
#include "spec/specification.h"

namespace losscalc::commands {

/// Terms with their arrays.
struct BoundTerms {
  std::vector<evaluation::Term> terms;
  /// For each term and role, the name of each of its arrays: what a gradient is called in an
  /// archive.
  std::map<std::pair<std::size_t, std::string>, std::vector<std::string>> names;
  /// Optional arrays that take part, with where they come from.
  std::vector<std::string> weights_used;
  std::vector<std::string> class_names;
};

/// Reads each input that the terms need once, and gives it to them. Throws Error: missing_argument
/// with what to type, conflicting_arguments, unknown_class, and all that reading throws.
BoundTerms bind_inputs(const std::vector<spec::Term>& terms, const ParsedOptions& options);

}  // namespace losscalc::commands
