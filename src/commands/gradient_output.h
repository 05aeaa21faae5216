/// --grad-out: the derivative of the value by each differentiable input, as NPY or NPZ.
#pragma once

#include <cstddef>
#include <string>

#include "commands/inputs.h"

namespace losscalc::commands {

/// FILE.npy for a single differentiable input, FILE.npz for any number, by name. Throws
/// Error(bad_value) for another ending or for several inputs in an .npy; cannot_write. Nothing is
/// left behind on failure.
void write_gradient(const BoundTerms& bound, const std::string& file, std::size_t threads);

}  // namespace losscalc::commands
