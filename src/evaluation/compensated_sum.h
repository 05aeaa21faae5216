/// A sum that carries its own rounding error, so that it comes out the same however it is split and
/// merged.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace losscalc::evaluation {

/// Knuth's TwoSum: the exact error of each addition is added up beside the sum, which makes the
/// total as if computed with twice the digits and then rounded once (Ogita, Rump & Oishi, Accurate
/// sum and dot product, 2005, algorithm 4.4). What remains of the order of addition is below n^2
/// 2^-106 relative to the sum of magnitudes: far under half a unit in the last place unless the sum
/// cancels almost completely.
class CompensatedSum {
 public:
  void add(double x) { two_sum(high_, low_, x); }

  void add(std::span<const double> values) {
    // Eight independent sums let the compiler use vector registers; -ffast-math is never on, so
    // nothing is reordered.
    constexpr std::size_t width = 8;
    std::array<double, width> high{};
    std::array<double, width> low{};
    std::size_t i = 0;
    for (; i + width <= values.size(); i += width) {
      for (std::size_t k = 0; k < width; ++k) two_sum(high[k], low[k], values[i + k]);
    }
    for (std::size_t k = 0; i < values.size(); ++i, ++k) two_sum(high[k], low[k], values[i]);
    for (std::size_t k = 0; k < width; ++k) {
      add(high[k]);
      low_ += low[k];
    }
  }

  void merge(const CompensatedSum& other) {
    add(other.high_);
    low_ += other.low_;
  }

  /// The sum, rounded once; infinite or NaN where the plain sum is.
  double value() const { return std::isfinite(low_) ? high_ + low_ : high_; }

 private:
  static void two_sum(double& high, double& low, double x) {
    const double sum = high + x;
    const double part = sum - high;
    low += (high - (sum - part)) + (x - part);
    high = sum;
  }

  double high_ = 0.0;
  double low_ = 0.0;
};

}  // namespace losscalc::evaluation
