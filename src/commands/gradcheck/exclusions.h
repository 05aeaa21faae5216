/// What options of gradcheck go together.
#pragma once

#include "commands/options/parse.h"

namespace losscalc::commands {

/// Throws Error(conflicting_arguments) for an option that would have no effect beside another, and
/// Error(missing_argument) for one that says more about an option that is not there.
void check_gradcheck_options(const ParsedOptions& options);

}  // namespace losscalc::commands
