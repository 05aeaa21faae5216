/// The command match.
#pragma once

#include "commands/command.h"

namespace losscalc::commands {

/// Searches for what gives a number; Status::check_failed if nothing does. Throws Error: what
/// reading and the search throw, and not_supported if no loss takes the data.
Command match_command();

}  // namespace losscalc::commands
