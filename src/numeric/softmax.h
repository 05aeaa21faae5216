/// The links of probabilities, number by number; evaluation/links has them over blocks.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace losscalc {

/// 1 / (1 + exp(-z)).
inline double sigmoid(double z) { return 1.0 / (1.0 + std::exp(-z)); }

/// exp(z_c - max) / sum_k exp(z_k - max), in place. The row must not be empty.
inline void softmax(std::span<double> row) {
  const double largest = std::ranges::max(row);
  double sum = 0.0;
  for (double& number : row) {
    number = std::exp(number - largest);
    sum += number;
  }
  for (double& number : row) number /= sum;
}

}  // namespace losscalc
