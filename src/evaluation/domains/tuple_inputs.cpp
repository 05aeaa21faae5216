#include "evaluation/domains/tuple_inputs.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "evaluation/term.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

bool is_limited(const Interval& interval) {
  return std::isfinite(interval.low) || std::isfinite(interval.high);
}

[[noreturn]] void throw_shape(const Role& role, const Data& data, const std::string& expected) {
  throw Error(
      ErrorCode::shape_mismatch,
      std::string(role.name) + " has shape " + to_string(data.shape) + ", expected " + expected,
      data.whole);
}

}  // namespace

TupleInputs::TupleInputs(const Term& term) : loss_(*term.loss) {
  const Role& first = loss_.roles.front();
  const Data& reference = required_input(term, first.name);
  shape_ = reference.shape;
  if (loss_.of_elements) {
    layout_ = {.samples = shape_.empty() ? 1 : shape_.front(),
               .outer = element_count(shape_),
               .classes = 1,
               .inner = 1,
               .position_shape = shape_};
  } else {
    if (shape_.empty()) {
      throw Error(
          ErrorCode::shape_mismatch,
          std::string(first.name) + " is one number, expected [N,D]: a vector for each sample",
          reference.whole);
    }
    layout_ = class_layout(reference, term.conventions.axis);
    if (shape_.size() == 1) layout_.position_shape = {};
  }
  unit_shape_ = layout_.position_shape;
  units_ = element_count(unit_shape_);
  for (std::size_t k = 0; k < loss_.vectors; ++k) add_vector(term, loss_.roles[k]);
  check_label(term);
}

void TupleInputs::add_vector(const Term& term, const Role& role) {
  const Data* data =
      role.optional ? optional_input(term, role.name) : &required_input(term, role.name);
  Vector& vector = vectors_.emplace_back();
  vector.role = &role;
  if (data == nullptr) return;
  vector.given = true;
  vector.units_per_entry = units_per_entry(role, *data);
  units_per_item_ = std::max(units_per_item_, vector.units_per_entry);
  vector.data = *data;
}

std::size_t TupleInputs::units_per_entry(const Role& role, const Data& data) const {
  if (data.shape == shape_) return 1;
  const std::string expected =
      std::string(loss_.roles.front().name) + "'s shape " + to_string(shape_);
  if (loss_.of_elements && !shape_.empty() && shape_.back() > 0 && role.differentiable) {
    const Shape without(shape_.begin(), shape_.end() - 1);
    Shape single = without;
    single.push_back(1);
    if (data.shape == without || data.shape == single) return shape_.back();
    throw_shape(
        role, data,
        expected + ", or " + to_string(single) + " with one number for all of the last axis");
  }
  throw_shape(role, data, expected);
}

void TupleInputs::check_label(const Term& term) {
  const Data* label = optional_input(term, "label");
  if (find_role(loss_, "label") == nullptr) return;
  if (label == nullptr) label = &required_input(term, "label");
  label_ = std::make_shared<const Data>(*label);
  const bool is_only_one = units_ == 1 && element_count(label->shape) == 1;
  if (label->shape == unit_shape_ || is_only_one) return;
  throw Error(
      ErrorCode::shape_mismatch,
      "label has shape " + to_string(label->shape) + ", expected " + to_string(unit_shape_) +
          (loss_.of_elements ? ": one label for each element" : ": one label for each pair"),
      label->whole,
      label->squeeze_hint.empty() ? "" : "select the column: -i label=" + label->squeeze_hint);
}

TupleBlock TupleInputs::read(std::size_t first_item, std::size_t last_item,
                             DataIssues& issues) const {
  const std::size_t first = first_item * units_per_item_;
  TupleBlock block{.count = (last_item - first_item) * units_per_item_};
  for (const Vector& vector : vectors_) {
    std::vector<double>& numbers = block.vectors.emplace_back();
    if (!vector.given) continue;
    numbers.resize(block.count / vector.units_per_entry * dimensions());
    read_vectors(vector, first, numbers);
    check(vector, first, numbers, issues);
  }
  block.current.resize(vectors_.size());
  block.label.resize(block.count);
  if (label_) label_->read(first, block.label);
  return block;
}

/// Tuple one after the other, whatever the axis along which they lie.
void TupleInputs::read_vectors(const Vector& vector, std::size_t first_unit,
                               std::span<double> out) const {
  const std::size_t first = first_unit / vector.units_per_entry;
  if (layout_.inner == 1) {
    vector.data.read(first * dimensions(), out);
    return;
  }
  const std::size_t count = out.size() / dimensions();
  std::vector<double> block(out.size());
  std::vector<double> scratch;
  gather(layout_, vector.data, first, count, count, block, scratch);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t d = 0; d < dimensions(); ++d) out[i * dimensions() + d] = block[d * count + i];
  }
}

Tuple TupleInputs::tuple(TupleBlock& block, std::size_t i) const {
  for (std::size_t k = 0; k < vectors_.size(); ++k) {
    if (!vectors_[k].given) continue;
    block.current[k] = std::span(block.vectors[k])
                           .subspan(i / vectors_[k].units_per_entry * dimensions(), dimensions());
  }
  return block.current;
}

std::size_t TupleInputs::place(std::size_t vector, std::size_t unit, std::size_t coordinate) const {
  return layout_.flat(unit / vectors_[vector].units_per_entry, coordinate);
}

const TupleInputs::Vector& TupleInputs::vector_of(std::string_view role) const {
  return *std::ranges::find_if(vectors_,
                               [&](const Vector& vector) { return vector.role->name == role; });
}

std::size_t TupleInputs::entries_per_item(std::string_view role) const {
  for (const Vector& vector : vectors_) {
    if (vector.role->name == role && vector.role->differentiable)
      return units_per_item_ / vector.units_per_entry * dimensions();
  }
  return 0;
}

std::size_t TupleInputs::entry(std::string_view role, std::size_t item, std::size_t k) const {
  const std::size_t per_item = units_per_item_ / vector_of(role).units_per_entry;
  return layout_.flat(item * per_item + k / dimensions(), k % dimensions());
}

std::size_t TupleInputs::item_of(std::string_view role, std::size_t entry) const {
  return layout_.position_of(entry) / (units_per_item_ / vector_of(role).units_per_entry);
}

void TupleInputs::check(const Vector& vector, std::size_t first_unit, std::span<double> numbers,
                        DataIssues& issues) const {
  const std::size_t first = first_unit / vector.units_per_entry * dimensions();
  if (loss_.target_values == TargetValues::label_lists && !vector.role->differentiable) {
    check_labels(first, numbers, issues);
    return;
  }
  if (!is_limited(vector.role->valid)) return;
  const DataIssue issue = vector.role->differentiable ? DataIssue::prediction_outside_domain
                                                      : DataIssue::target_outside_domain;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!vector.role->valid.contains(numbers[i])) issues.add(issue, stored(first + i));
  }
}

void TupleInputs::check_labels(std::size_t first, std::span<double> labels,
                               DataIssues& issues) const {
  const auto classes = static_cast<double>(dimensions());
  for (std::size_t row = 0; row < labels.size(); row += dimensions()) {
    bool is_right = true;
    for (std::size_t c = 0; c < dimensions() && labels[row + c] != -1.0; ++c) {
      const double label = labels[row + c];
      const bool is_index = label == std::floor(label);
      if (is_index && label >= 0.0 && label < classes) continue;
      issues.add(is_index ? DataIssue::target_index_out_of_range : DataIssue::target_not_an_index,
                 stored(first + row + c));
      is_right = false;
    }
    if (!is_right) std::ranges::fill(labels.subspan(row, dimensions()), -1.0);
  }
}

void TupleInputs::raise(const DataIssues& issues) const {
  const std::string ended = ", each row ended by -1";
  raise_labels(issues[DataIssue::target_not_an_index], "class indices" + ended);
  raise_labels(issues[DataIssue::target_index_out_of_range],
               "class indices from 0 to " + std::to_string(dimensions() - 1) + ended);
  raise_outside(issues[DataIssue::prediction_outside_domain], true);
  raise_outside(issues[DataIssue::target_outside_domain], false);
}

void TupleInputs::raise_labels(const DataIssueCount& bad, const std::string& expected) const {
  if (bad.count == 0) return;
  const Data& target = vector_of("target").data;
  throw Error(ErrorCode::out_of_range,
              "expected " + expected + ", found " + text::shortest(element(target, bad.first)) +
                  and_more(bad.count, "target", "targets"),
              target.place(bad.first));
}

void TupleInputs::raise_outside(const DataIssueCount& bad, bool differentiable) const {
  if (bad.count == 0) return;
  for (const Vector& vector : vectors_) {
    if (!vector.given || vector.role->differentiable != differentiable) continue;
    if (bad.first >= element_count(vector.data.shape)) continue;
    const double found = element(vector.data, bad.first);
    if (!is_limited(vector.role->valid) || vector.role->valid.contains(found)) continue;
    throw Error(ErrorCode::out_of_range,
                "expected " + std::string(vector.role->name) + " " +
                    losscalc::to_string(vector.role->valid) + ", found " + text::shortest(found) +
                    and_more(bad.count, "number", "numbers"),
                vector.data.place(bad.first));
  }
}

TupleSlopes::TupleSlopes(const TupleInputs& inputs) : numbers(inputs.count()) {
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    if (inputs.is_differentiable(k)) numbers[k].resize(inputs.dimensions());
    spans.emplace_back(numbers[k]);
  }
}

}  // namespace losscalc::evaluation
