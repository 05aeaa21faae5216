/// --grad-out: the derivative of the value by each differentiable input, as NPY or NPZ.
#pragma once

#include <cstddef>
#include <string>

#include "commands/inputs/bind.h"

namespace losscalc::commands {

/// Throws Error(bad_value) if the gradients of these terms can't go to `file`: FILE.npy takes a
/// single differentiable input, FILE.npz any number, by name.
void check_gradient_file(const BoundTerms& bound, const std::string& file);

/// Throws as check_gradient_file(), and Error(cannot_write). Nothing is left behind on failure.
void write_gradient(const BoundTerms& bound, const std::string& file, std::size_t threads);

}  // namespace losscalc::commands
