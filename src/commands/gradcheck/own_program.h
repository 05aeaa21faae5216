/// gradcheck --exec: a program that gives a value and gradients of its own.
#pragma once

#include "commands/options/parse.h"
#include "diagnostics/error.h"

namespace losscalc::commands {

/// The program against itself and, where -l names one, against losscalc's loss. Throws Error:
/// conflicting_arguments, and program_failed for what the program does wrong.
Status check_own_program(const ParsedOptions& options);

}  // namespace losscalc::commands
