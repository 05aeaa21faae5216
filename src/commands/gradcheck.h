/// The command gradcheck.
#pragma once

#include "commands/options/parse.h"
#include "diagnostics/error.h"

namespace losscalc::commands {

/// Compares gradients with numerical differentiation; Status::check_failed if one is wrong. Throws
/// Error: what reading, checks and writing throw, and conflicting_arguments for options that
/// exclude each other.
Status run_gradcheck(const ParsedOptions& options);

}  // namespace losscalc::commands
