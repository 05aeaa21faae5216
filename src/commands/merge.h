/// The command merge.
#pragma once

#include "commands/command.h"

namespace losscalc::commands {

/// The result of a computation whose shards were computed by themselves. Throws Error: what reading
/// partials, evaluation and writing throw.
Command merge_command();

}  // namespace losscalc::commands
