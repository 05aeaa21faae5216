/// Sums without rounding errors, which come out the same whatever the order and the grouping.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace losscalc::evaluation {

/// Numbers, a few of them without memory of their own: of sums there may be millions, most of them
/// of one or two parts.
class Parts {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  double* begin() { return many_.empty() ? few_.data() : many_.data(); }
  double* end() { return begin() + size_; }
  const double* begin() const { return many_.empty() ? few_.data() : many_.data(); }
  const double* end() const { return begin() + size_; }
  double& operator[](std::size_t k) { return begin()[k]; }
  double operator[](std::size_t k) const { return begin()[k]; }

  void push_back(double x) {
    if (many_.empty() && size_ < few_.size()) {
      few_[size_++] = x;
      return;
    }
    if (many_.empty()) many_.assign(few_.begin(), few_.end());
    many_.push_back(x);
    ++size_;
  }

  /// Keeps the first `size` of them.
  void shrink(std::size_t size) {
    size_ = size;
    if (!many_.empty()) many_.resize(size);
  }

 private:
  std::size_t size_ = 0;
  std::array<double, 2> few_{};
  std::vector<double> many_;  ///< all of them, where they are more than few_ holds
};

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

  Parts parts_;              ///< ascending in magnitude, not overlapping, without zeros
  double non_finite_ = 0.0;  ///< the sum of infinities and NaNs, if there are any
};

}  // namespace losscalc::evaluation
