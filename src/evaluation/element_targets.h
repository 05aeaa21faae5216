/// The targets of elementwise losses.
#pragma once

#include <optional>
#include <span>

#include "evaluation/class_layout.h"
#include "evaluation/evaluate.h"
#include "evaluation/findings.h"

namespace losscalc::evaluation {

/// Targets of pred's shape, or class indices that stand for one-hot rows along the class axis.
class ElementTargets {
 public:
  /// Throws Error(shape_mismatch), and Error(missing_argument) unless zeros may stand for targets.
  ElementTargets(const Term& term, const Data& prediction);

  bool are_indices() const { return layout_.has_value(); }
  const Data& data() const { return target_; }
  /// 0 where they are no indices.
  std::size_t classes() const { return layout_ ? layout_->classes : 0; }

  /// Whether all of them are 0 or 1.
  bool are_bits() const;

  /// Reads the targets of elements first, first+1, ...
  void read(std::size_t first, std::span<double> out, Findings& findings) const;

  void warn(const Data& prediction, std::vector<Warning>& warnings) const;

  /// Where an element's target stands, and what stands there.
  Place place(std::size_t element) const;
  double value(std::size_t element) const;

 private:
  std::size_t position(std::size_t element) const {
    return layout_ ? layout_->position_of(element) : element;
  }
  std::size_t read_one_hot(std::size_t first, std::span<double> out, Findings& findings) const;

  bool given_;
  Data target_;
  std::optional<ClassLayout> layout_;
};

}  // namespace losscalc::evaluation
