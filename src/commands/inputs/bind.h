/// From the files of a command line to the arrays of each term.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checking/gradient_check.h"
#include "commands/inputs/sources.h"
#include "commands/options/parse.h"
#include "evaluation/term.h"
#include "io/array.h"
#include "report/input_note.h"
#include "spec/specification.h"

namespace losscalc::commands {

/// Terms with their arrays, as a command line gives them.
struct BoundTerms : checking::NamedTerms {
  /// As specified, each for its predictions' number of axes.
  std::vector<spec::Term> specified;
  /// Optional arrays that take part, with where they come from.
  std::vector<std::string> weights_used;
  std::vector<std::string> class_names;
  /// What was read of the files of each input.
  std::vector<report::InputNote> inputs;
  /// The keys of the samples of pred, where they have any; else null.
  std::shared_ptr<const io::Array> sample_keys;
  std::vector<Warning> warnings;
};

/// Reads each input that the terms need once, and gives it to them. Throws Error: missing_argument
/// with what to type, conflicting_arguments, unknown_class, not_supported and unknown_option for
/// predictions whose number of axes does not go with the term or its flags, and all that reading
/// throws.
BoundTerms bind_inputs(const std::vector<spec::Term>& terms, const ParsedOptions& options);

/// The same of sources that are open already: what was read for other terms is not read again.
BoundTerms bind_inputs(const std::vector<spec::Term>& terms, Sources& sources,
                       const ParsedOptions& options);

/// Reads predictions and targets and settles what can be told of them without a loss. Throws Error
/// as bind_inputs does.
void check_inputs(Sources& sources);

}  // namespace losscalc::commands
