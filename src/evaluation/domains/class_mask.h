/// Which classes take part at a position: the input class_mask of losses through softmax.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evaluation/inputs/predictions.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// A class that is left out has the logit -infinity, and its target does not count. Without the
/// input all classes take part.
class ClassMask {
 public:
  /// Throws Error: shape_mismatch unless the mask has pred's shape or that of its last axes,
  /// not_supported for predictions other than logits and beside label smoothing, which would give
  /// targets to classes that are left out.
  ClassMask(const Term& term, const ClassPredictions& predictions);

  bool given() const { return data_.has_value(); }

  /// Reads what a class-major block of positions first, first+1, ... has, 0 where a class is left
  /// out, and takes these classes from the logits. Where none would be left, they stay as they are.
  /// Does nothing if there is no mask.
  void apply(std::size_t first, std::size_t count, std::span<double> mask, std::span<double> logits,
             DataIssues& issues, std::vector<double>& scratch) const;

  /// Throws the error that the issues call for, if there is one.
  void raise(const DataIssues& issues) const;

 private:
  void check(std::size_t first, std::size_t count, std::span<const double> mask,
             DataIssues& issues) const;

  ClassLayout layout_;
  BlockShape shape_;
  std::optional<Data> data_;  ///< of pred's shape
};

}  // namespace losscalc::evaluation
