/// Reduction over one axis of the units before all others: rows=mean and rows=sum.
#pragma once

#include <cstddef>

#include "definition/conventions.h"
#include "evaluation/arrays/data.h"

namespace losscalc::evaluation {

/// The units along one axis of their array make a row. Where that axis is not reduced, each unit is
/// a row.
class AxisReduction {
 public:
  AxisReduction() = default;

  /// Throws Error(not_supported) for an axis that `units` has not.
  AxisReduction(const Conventions& conventions, const Shape& units);

  bool applies() const { return applies_; }
  /// Whether the rows lie along the last axis, so that the units of each follow each other.
  bool are_contiguous() const { return inner_ == 1; }
  /// Whether the first axis, that of the samples, is reduced.
  bool reduces_samples() const { return applies_ && axis_ == 0 && !shape_.empty(); }

  std::size_t axis() const { return axis_; }
  /// The units of a row.
  std::size_t length() const { return length_; }
  /// The shape of an array with one entry for each row.
  const Shape& shape() const { return shape_; }
  std::size_t row_of(std::size_t unit) const {
    return unit / (length_ * inner_) * inner_ + unit % inner_;
  }

 private:
  bool applies_ = false;
  std::size_t axis_ = 0;
  std::size_t length_ = 1;
  std::size_t inner_ = 1;
  Shape shape_;
};

}  // namespace losscalc::evaluation
