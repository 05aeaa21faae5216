/// What the numbers or words of an array are like, found in one pass.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "io/array.h"

namespace losscalc::inspection {

struct Statistics {
  std::size_t nans = 0;
  std::size_t infinities = 0;
  std::optional<double> smallest = {};  ///< of finite numbers
  std::optional<double> largest = {};
  bool are_integers = true;  ///< whether all finite numbers are
  /// The different numbers or words, in ascending order; empty where there are more than
  /// most_distinct.
  std::vector<double> distinct_numbers = {};
  std::vector<std::string> distinct_words = {};
  /// The axes along which all numbers are in [0, 1] and sum to 1 within 1e-3, or their exponentials
  /// do.
  std::vector<std::size_t> axes_of_probabilities = {};
  std::vector<std::size_t> axes_of_log_probabilities = {};
  /// Whether all rows of four are x1 <= x2 and y1 <= y2.
  bool are_corners = false;
};

inline constexpr std::size_t most_distinct = 1000;

/// Reads the whole array. Throws Error for what is wrong with its elements.
Statistics statistics_of(const io::Array& array);

}  // namespace losscalc::inspection
