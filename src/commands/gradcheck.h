/// The command gradcheck.
#pragma once

#include "commands/command.h"

namespace losscalc::commands {

/// Compares gradients with numerical differentiation; Status::check_failed if one is wrong. Throws
/// Error: what reading, checks and writing throw, and conflicting_arguments for options that
/// exclude each other.
Command gradcheck_command();

}  // namespace losscalc::commands
