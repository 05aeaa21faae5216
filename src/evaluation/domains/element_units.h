/// The units of elementwise losses: elements, or rows of them.
#pragma once

#include <cstddef>
#include <span>

#include "evaluation/term.h"

namespace losscalc::evaluation {

/// Units of one element, or under rows=max of all elements of the last axis. (Those of rows=mean
/// and rows=sum are made of reduced units of one element.)
class ElementUnits {
 public:
  /// Throws Error: not_supported for rows=max of predictions of one axis, conflicting_arguments
  /// beside element_weight.
  explicit ElementUnits(const Term& term);

  /// The elements of a unit.
  std::size_t length() const { return length_; }
  const Shape& shape() const { return shape_; }

  /// Puts the losses of the units in the place of those of the elements.
  void reduce(std::span<double> losses) const;

 private:
  std::size_t length_ = 1;
  Shape shape_;
};

}  // namespace losscalc::evaluation
