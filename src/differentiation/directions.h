/// A gradient against a function that gives one number for all its entries.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "differentiation/difference.h"

namespace losscalc::differentiation {

struct DirectionRequest {
  std::size_t directions = 20;
  std::uint64_t seed = 1;
  double tolerance = 1e-7;
  double round_off = 0x1p-53;
  double noise = 0.0;  ///< how far two values of the same point are known to differ
};

struct DirectionResult {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t inconclusive = 0;
  /// Of the first direction that failed: the entry that halving its support led to.
  bool found = false;
  std::size_t entry = 0;
  Estimate derivative = {};
};

/// Derivatives along directions of entries +1 and -1, which any single wrong entry changes by as
/// much as it is wrong, by three central differences and two steps of Richardson: six values each.
/// Where one fails, its support is halved until a single entry is left. `f` takes all entries.
DirectionResult check_directions(const std::function<double(std::span<const double>)>& f,
                                 std::span<const double> point, std::span<const double> gradient,
                                 const DirectionRequest& request);

}  // namespace losscalc::differentiation
