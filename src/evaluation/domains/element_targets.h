/// The targets of elementwise losses.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "evaluation/arrays/class_layout.h"
#include "evaluation/reduction/data_issues.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// Targets of pred's shape, or class indices that stand for one-hot rows along the class axis.
class ElementTargets {
 public:
  /// Throws Error: shape_mismatch, missing_argument unless zeros may stand for targets, and
  /// not_supported for a target_kind that is not for this loss.
  ElementTargets(const Term& term, const Data& prediction);

  bool are_indices() const { return layout_.has_value(); }
  const Data& data() const { return target_; }
  /// 0 where they are no indices.
  std::size_t classes() const { return layout_ ? layout_->classes : 0; }

  /// Whether data() holds them as read() gives them, and any number is one.
  bool are_plain() const {
    return !are_indices() && values_ == TargetValues::any && !are_strict_signs_ && !are_numbers_;
  }

  /// Reads the targets of elements first, first+1, ..., signs as -1 and 1, and notes what is wrong.
  void read(std::size_t first, std::span<double> out, DataIssues& issues) const;

  void warn(const Data& prediction, const DataIssues& issues, std::vector<Warning>& warnings) const;

  /// Throws the error that the issues about targets call for, if there is one; of a loss that
  /// takes targets in `domain`.
  void raise(const DataIssues& issues, const Interval& domain) const;

 private:
  bool are_bits() const;
  TargetValues values_for(TargetKind kind, TargetValues of_loss) const;
  void check(std::size_t first, std::span<double> targets, DataIssues& issues) const;
  void raise_one(const DataIssues& issues, DataIssue issue, const std::string& expected) const;
  Place place(std::size_t element) const;
  double value(std::size_t element) const;
  std::size_t position(std::size_t element) const {
    return layout_ ? layout_->position_of(element) : element;
  }
  void read_one_hot_rows(std::size_t first, std::span<double> out, DataIssues& issues) const;
  std::size_t read_one_hot(std::size_t first, std::span<double> out, DataIssues& issues) const;

  bool given_;
  Data target_;
  std::optional<ClassLayout> layout_;
  bool are_strict_signs_;  ///< nothing but -1 and 1
  TargetValues values_;
  bool are_numbers_;  ///< where signs are expected, any numbers
};

}  // namespace losscalc::evaluation
