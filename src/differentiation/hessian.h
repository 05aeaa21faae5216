/// Whether an array of derivatives is the gradient of a function at all: its Jacobian must be
/// symmetric, and its slope along a direction the second derivative of the function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "differentiation/difference.h"

namespace losscalc::differentiation {

/// A function and its gradient at entries moved by `moves` (as many as there are entries).
struct Differentiated {
  std::function<double(std::span<const double> moves)> value;
  std::function<std::vector<double>(std::span<const double> moves)> gradient;
};

/// Two numbers that must be equal.
struct Comparison {
  Estimate one = {};
  Estimate other = {};
  double excess = 0.0;  ///< deviation in multiples of what the errors allow
};

struct HessianResult {
  std::size_t pairs = 0;         ///< of directions u, v
  std::size_t asymmetric = 0;    ///< u.(Jv) differs from v.(Ju)
  std::size_t wrong_slope = 0;   ///< v.(Jv) differs from the second difference of the values
  std::size_t inconclusive = 0;  ///< comparisons whose errors are as large as the numbers
  Comparison worst_symmetry = {};
  Comparison worst_slope = {};
};

/// Takes `pairs` pairs of directions with entries +scale and -scale. Derivatives along them are
/// central differences of the gradient (second differences of the value) at two steps,
/// extrapolated; their difference and the rounding of the sums bound the error.
HessianResult check_hessian(const Differentiated& f, std::span<const double> scales,
                            std::size_t pairs, std::uint64_t seed);

}  // namespace losscalc::differentiation
