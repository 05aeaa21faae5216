/// inspect: what is in files, as losscalc sees it.
#pragma once

#include "commands/command.h"

namespace losscalc::commands {

Command inspect_command();

}  // namespace losscalc::commands
