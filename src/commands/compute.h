/// The command compute.
#pragma once

#include "commands/options/parse.h"
#include "diagnostics/error.h"

namespace losscalc::commands {

/// Values of losses on data. Throws Error: what reading, evaluation and writing throw, and
/// conflicting_arguments for options that exclude each other.
Status run_compute(const ParsedOptions& options);

}  // namespace losscalc::commands
