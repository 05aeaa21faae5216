/// Valid random inputs for any loss of the registry, for checks that need no data of one's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "evaluation/arrays/data.h"
#include "evaluation/term.h"
#include "text/names.h"

namespace losscalc::generation {

/// What the numbers are like.
enum class Regime : std::uint8_t {
  ordinary,  ///< as in the middle of training
  extreme,   ///< many orders of magnitude, close to the edges of the domain
  kinks,     ///< at, or at any small distance from, places where derivatives jump
};

const std::vector<text::Named<Regime>>& regimes();

/// `4x3`, `4,3` or `[4,3]` -> lengths. Throws Error(bad_value) saying what was expected.
Shape parse_shape(const std::string& text);

/// A shape for `loss` with about `entries` entries of its (first) differentiable input.
Shape default_shape(const Loss& loss, const Conventions& conventions, std::size_t entries);

/// Throws Error(bad_value) unless random_inputs() can be of this shape.
void check_shape(const Loss& loss, const Conventions& conventions, const Shape& shape);

/// Inputs by role: all that `loss` requires, without weights. `shape` is that of pred, of each
/// array of vectors, or of params. The numbers depend on all arguments and on nothing else. Throws
/// Error(bad_value) where the shape doesn't fit the loss.
evaluation::Inputs random_inputs(const Loss& loss, const Arguments& parameters,
                                 const Conventions& conventions, const Shape& shape, Regime regime,
                                 std::uint64_t seed);

}  // namespace losscalc::generation
