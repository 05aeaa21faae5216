/// gradcheck --sweep: one entry looked at over all step sizes.
#pragma once

#include "checking/gradient_check.h"
#include "commands/options/parse.h"
#include "commands/output/progress_line.h"
#include "diagnostics/error.h"

namespace losscalc::commands {

/// Prints error against step size of the entry that --sweep names (`3,1` of the first input, or
/// `pred[3,1]`), and plots it to --plot; clears `line` before it writes. Throws Error(bad_value)
/// for an entry that there is none.
Status run_sweep(const checking::GradientCheck& check, ProgressLine& line,
                 const ParsedOptions& options);

}  // namespace losscalc::commands
