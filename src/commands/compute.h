/// The command compute.
#pragma once

#include "commands/command.h"

namespace losscalc::commands {

/// Values of losses on data. Throws Error: what reading, evaluation and writing throw, and
/// conflicting_arguments for options that exclude each other.
Command compute_command();

}  // namespace losscalc::commands
