/// gradcheck --hessian: whether a gradient is one, by its own derivatives.
#pragma once

#include "checking/gradient_check.h"
#include "commands/options/parse.h"
#include "commands/output/progress_line.h"
#include "diagnostics/error.h"
#include "process/program.h"

namespace losscalc::commands {

/// Of losscalc's own analytic gradient. `line` is cleared before anything is written.
Status run_hessian(const checking::GradientCheck& check, const std::string& subject,
                   ProgressLine& line, const ParsedOptions& options);

/// Of a program's gradient by the inputs that it gives one for.
Status run_program_hessian(process::Program& program, const process::Arrays& inputs,
                           const std::string& subject, const ParsedOptions& options);

}  // namespace losscalc::commands
