/// Weights of samples, elements and classes, read block by block.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "diagnostics/error.h"
#include "evaluation/arrays/data.h"
#include "evaluation/reduction/axis_reduction.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// Weights of samples, [N], or of parts of them: an array of the first axes of the units, or of the
/// rows that they are joined to. Without an array every weight is 1.
class SampleWeights {
 public:
  /// Throws Error(shape_mismatch) unless the shape of the array of the role sample_weight, if there
  /// is one, is that of the units' or rows' first axes, with any number of axes of length 1 behind.
  SampleWeights(const Term& term, const Shape& unit_shape, const AxisReduction& rows = {});

  bool given() const { return data_ != nullptr; }

  /// Multiplies `weights` of units first, first+1, ... by those of their samples.
  void multiply(std::size_t first, std::size_t units_per_sample, std::span<double> weights) const;

  /// The weight of one sample.
  double of(std::size_t sample) const;

 private:
  std::shared_ptr<const Data> data_;
  std::size_t per_sample_ = 1;  ///< weights
  /// All weights, where they are those of rows whose units don't follow each other.
  std::vector<double> of_rows_;
  std::size_t rows_per_weight_ = 1;
  AxisReduction rows_;
};

/// Weights of elements: an array of pred's shape or of its last axes, where an axis of length 1
/// repeats.
class ElementWeights {
 public:
  ElementWeights(const Term& term, std::string_view role, const Data& prediction);

  bool given() const { return data_ != nullptr; }

  /// The weights of elements first, first+1, ...
  void read(std::size_t first, std::span<double> weights) const;

 private:
  std::shared_ptr<const Data> data_;
  /// All weights where some repeat, with the stride in them of each of pred's axes (0: the axis
  /// repeats).
  std::vector<double> repeated_;
  Shape strides_;
  Shape prediction_shape_;
};

/// Weights of classes: [C]; all 1 if the term has none. Throws Error(shape_mismatch, out_of_range).
std::vector<double> class_weights(const Term& term, std::size_t classes);

/// Warnings about class weights and class sizes.
void warn_of_classes(const std::vector<std::size_t>& counts, const std::vector<double>& weights,
                     bool weights_given, std::vector<Warning>& warnings);

}  // namespace losscalc::evaluation
