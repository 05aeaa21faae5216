/// A sum that stays accurate for any number of terms and comes out the same for any number of
/// threads.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace losscalc::evaluation {

/// Runs of 64 numbers are added in eight interleaved partial sums, which the processor does at
/// once; the totals of the runs are added with Knuth's TwoSum, whose exact error is added up beside
/// the sum, as if computed with twice the digits and rounded once (Ogita, Rump & Oishi, Accurate
/// sum and dot product, 2005, algorithm 4.4).
///
/// For terms of one sign the relative error is below 12 * 2^-53 whatever their number. Merging sums
/// whose runs start at the same places gives the same bits; otherwise the results differ by at most
/// that bound.
class CompensatedSum {
 public:
  void add(double x) {
    const double sum = high_ + x;
    const double part = sum - high_;
    low_ += (high_ - (sum - part)) + (x - part);
    high_ = sum;
  }

  void add(std::span<const double> values) {
    while (!values.empty()) {
      const std::size_t count = std::min(values.size(), run_length);
      add(run_sum(values.first(count)));
      values = values.subspan(count);
    }
  }

  void merge(const CompensatedSum& other) {
    add(other.high_);
    low_ += other.low_;
  }

  /// The sum, rounded once; infinite or NaN where the plain sum is.
  double value() const { return std::isfinite(low_) ? high_ + low_ : high_; }

 private:
  static constexpr std::size_t width = 8;
  static constexpr std::size_t run_length = 8 * width;

  static double run_sum(std::span<const double> values) {
    std::array<double, width> sums{};
    std::size_t i = 0;
    for (; i + width <= values.size(); i += width) {
      for (std::size_t k = 0; k < width; ++k) sums[k] += values[i + k];
    }
    for (std::size_t k = 0; i < values.size(); ++i, ++k) sums[k] += values[i];
    return ((sums[0] + sums[4]) + (sums[1] + sums[5])) +
           ((sums[2] + sums[6]) + (sums[3] + sums[7]));
  }

  double high_ = 0.0;
  double low_ = 0.0;
};

}  // namespace losscalc::evaluation
