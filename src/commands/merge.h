/// The command merge.
#pragma once

#include "commands/options/parse.h"
#include "diagnostics/error.h"

namespace losscalc::commands {

/// The result of a computation whose shards were computed by themselves. Throws Error: what reading
/// partials, evaluation and writing throw.
Status run_merge(const ParsedOptions& options);

}  // namespace losscalc::commands
