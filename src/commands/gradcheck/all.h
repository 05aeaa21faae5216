/// gradcheck --all: every loss on random data.
#pragma once

#include "commands/options/parse.h"
#include "diagnostics/error.h"

namespace losscalc::commands {

/// Each loss that has a gradient, with each form of prediction and link, in the regime asked for or
/// in all.
Status check_all(const ParsedOptions& options);

}  // namespace losscalc::commands
