#include "evaluation/inputs/weights.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "text/number.h"

namespace losscalc::evaluation {

namespace {

bool are_first_axes(const Shape& some, const Shape& all) {
  return !some.empty() && some.size() <= all.size() &&
         std::equal(some.begin(), some.end(), all.begin());
}

}  // namespace

SampleWeights::SampleWeights(const Term& term, const Shape& unit_shape, const AxisReduction& rows)
    : rows_(rows) {
  const Data* data = optional_input(term, "sample_weight");
  if (data == nullptr) return;
  const Shape units = unit_shape.empty() ? Shape{1} : unit_shape;
  Shape shape = data->shape;
  while (shape.size() > 1 && shape.back() == 1) shape.pop_back();
  data_ = std::make_shared<const Data>(*data);
  const bool reach_beyond_the_rows = rows_.applies() && shape.size() > rows_.axis();
  if (reach_beyond_the_rows && !rows_.are_contiguous() && are_first_axes(shape, rows_.shape())) {
    of_rows_ = read_all(*data);
    rows_per_weight_ = element_count(rows_.shape()) / std::max<std::size_t>(of_rows_.size(), 1);
    return;
  }
  if (!are_first_axes(shape, units)) {
    throw Error(ErrorCode::shape_mismatch,
                "sample_weight has shape " + to_string(data->shape) + ", expected [" +
                    std::to_string(units[0]) + "]: one weight for each sample" +
                    (units.size() > 1 ? ", or more of the units' axes " + to_string(units) : ""),
                data->whole);
  }
  per_sample_ = element_count(shape) / std::max(units[0], std::size_t{1});
}

void SampleWeights::multiply(std::size_t first, std::size_t units_per_sample,
                             std::span<double> weights) const {
  if (!given() || weights.empty()) return;
  if (!of_rows_.empty()) {
    for (std::size_t j = 0; j < weights.size(); ++j)
      weights[j] *= of_rows_[rows_.row_of(first + j) / rows_per_weight_];
    return;
  }
  const std::size_t units_per_weight = units_per_sample / per_sample_;
  const std::size_t first_weight = first / units_per_weight;
  const std::size_t last_weight = (first + weights.size() - 1) / units_per_weight;
  std::vector<double> given_weights(last_weight - first_weight + 1);
  data_->read(first_weight, given_weights);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    weights[j] *= given_weights[(first + j) / units_per_weight - first_weight];
  }
}

double SampleWeights::of(std::size_t sample) const {
  return given() ? element(*data_, sample) : 1.0;
}

ElementWeights::ElementWeights(const Term& term, std::string_view role, const Data& prediction)
    : prediction_shape_(prediction.shape) {
  const Data* data = optional_input(term, role);
  if (data == nullptr) return;
  const Shape& shape = data->shape;
  const bool fits = shape.size() <= prediction_shape_.size() &&
                    std::equal(shape.rbegin(), shape.rend(), prediction_shape_.rbegin(),
                               [](std::size_t weight, std::size_t pred) {
                                 return weight == pred || weight == 1;
                               });
  if (!fits) {
    throw Error(ErrorCode::shape_mismatch,
                std::string(role) + " has shape " + to_string(shape) + ", expected pred's shape " +
                    to_string(prediction_shape_) + " or its last axes",
                data->whole);
  }
  data_ = std::make_shared<const Data>(*data);
  if (shape == prediction_shape_) return;
  repeated_ = read_all(*data);
  strides_.assign(prediction_shape_.size(), 0);
  std::size_t stride = 1;
  for (std::size_t k = 1; k <= shape.size(); ++k) {
    const std::size_t length = shape[shape.size() - k];
    if (length > 1) strides_[strides_.size() - k] = stride;
    stride *= length;
  }
}

void ElementWeights::read(std::size_t first, std::span<double> weights) const {
  if (repeated_.empty()) {
    data_->read(first, weights);
    return;
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    std::size_t rest = first + i;
    std::size_t position = 0;
    for (std::size_t axis = strides_.size(); axis-- > 0;) {
      position += rest % prediction_shape_[axis] * strides_[axis];
      rest /= prediction_shape_[axis];
    }
    weights[i] = repeated_[position];
  }
}

std::vector<double> class_weights(const Term& term, std::size_t classes) {
  const Data* data = optional_input(term, "class_weight");
  if (data == nullptr) return std::vector<double>(classes, 1.0);
  if (data->shape != Shape{classes}) {
    throw Error(ErrorCode::shape_mismatch,
                "class_weight has shape " + to_string(data->shape) + ", expected [" +
                    std::to_string(classes) + "]: one weight for each class",
                data->whole);
  }
  std::vector<double> weights = read_all(*data);
  for (std::size_t c = 0; c < classes; ++c) {
    if (weights[c] >= 0.0 && std::isfinite(weights[c])) continue;
    throw Error(ErrorCode::out_of_range,
                "expected a class weight >= 0, found " + text::shortest(weights[c]),
                data->place(c));
  }
  return weights;
}

void warn_of_classes(const std::vector<std::size_t>& counts, const std::vector<double>& weights,
                     bool weights_given, std::vector<Warning>& warnings) {
  constexpr std::size_t imbalance = 10;
  std::size_t smallest = counts.size();
  std::size_t largest = counts.size();
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0) continue;
    if (smallest == counts.size() || counts[c] < counts[smallest]) smallest = c;
    if (largest == counts.size() || counts[c] > counts[largest]) largest = c;
    if (weights_given && weights[c] == 0.0) {
      warnings.push_back(
          {"zero-class-weight", "class " + std::to_string(c) + " has weight 0, so its " +
                                    counted(counts[c], "unit has", "units have") + " no effect"});
    }
  }
  if (largest == counts.size() || counts[largest] <= imbalance * counts[smallest]) return;
  warnings.push_back({"class-imbalance", "class " + std::to_string(largest) + " has " +
                                             counted(counts[largest], "unit", "units") +
                                             ", class " + std::to_string(smallest) + " has " +
                                             std::to_string(counts[smallest]) +
                                             ": more than 10 to 1; --class-weight, focal or dice "
                                             "keep frequent classes from dominating"});
}

}  // namespace losscalc::evaluation
