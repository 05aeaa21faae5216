/// Sums without rounding errors, which come out the same whatever the order and the grouping.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace losscalc::evaluation {

/// The exact sum of any number of doubles, as a few doubles that don't overlap (Shewchuk, Adaptive
/// precision floating-point arithmetic, 1997); value() rounds it once.
class ExactSum {
 public:
  void add(double x);

  void add(std::span<const double> values);

  /// Adds the totals of runs of 64 numbers, each added up in eight interleaved sums, as fast as
  /// numbers can be read. For numbers of one sign this is within 12 * 2^-53 of the exact sum,
  /// whatever their number; and where runs start at the same places, it is the same.
  void add_blocked(std::span<const double> values);

  void merge(const ExactSum& other);

  /// The sum, rounded to nearest; infinite or NaN where the plain sum is.
  double value() const;

  /// Doubles whose exact sum this is, from the smallest magnitude to the largest; with a last one
  /// that is infinite or NaN where the sum is.
  std::vector<double> components() const;

 private:
  void add_exactly(double x);
  bool add_block(std::span<const double> block);

  std::vector<double> parts_;  ///< ascending in magnitude, not overlapping, without zeros
  double non_finite_ = 0.0;    ///< the sum of infinities and NaNs, if there are any
};

}  // namespace losscalc::evaluation
