/// The gradient that somebody's own program computes, held against differences of its own values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "differentiation/check.h"
#include "process/program.h"

namespace losscalc::checking {

struct ProgramCheck {
  std::string method;  ///< in words
  std::size_t calls = 0;
  std::vector<std::string> inputs;  ///< those that are differentiated
  std::vector<std::vector<double>> gradients;
  double value = 0.0;
  double noise = 0.0;  ///< how far two values of the same point differ
  differentiation::CheckResult result;
};

/// The inputs that the reply has gradients by, or those of them that `wrt` names. Throws
/// Error(bad_value) for a name that is none of them.
std::vector<std::string> differentiated_inputs(const process::Reply& reply,
                                               const std::vector<std::string>& wrt);

/// Asks the program for its value and gradient at `inputs`, whose first axis counts the samples,
/// and for values around. Where it gives the losses of single samples, and its value is their mean
/// or their sum, an entry is judged by its sample's loss, and all samples are moved in one call;
/// else the gradient is judged along directions, or by entries if they are few. `wrt`: only these
/// inputs. Throws Error(program_failed) for what is no answer, Error(bad_value) for names in `wrt`.
ProgramCheck check_program(process::Program& program, const process::Arrays& inputs,
                           const std::vector<std::string>& wrt,
                           const differentiation::CheckRequest& request, double tolerance);

}  // namespace losscalc::checking
