#include "evaluation/element_targets.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "diagnostics/error.h"
#include "evaluation/inputs.h"

namespace losscalc::evaluation {
namespace {

[[noreturn]] void throw_shape(const Data& prediction, const Data& target) {
  std::string hint;
  const bool only_unit_axes = element_count(target.shape) == element_count(prediction.shape);
  if (only_unit_axes) {
    hint = "arrays are never broadcast";
    if (!target.squeeze_hint.empty()) hint += "; select the column: -t " + target.squeeze_hint;
    if (!prediction.squeeze_hint.empty())
      hint += "; select the column: -p " + prediction.squeeze_hint;
  }
  throw Error(ErrorCode::shape_mismatch,
              "target has shape " + to_string(target.shape) + ", expected pred's shape " +
                  to_string(prediction.shape),
              target.whole, hint);
}

bool is_given(const Term& term) {
  return term.choices.without_target == WithoutTarget::error ||
         optional_input(term, "target") != nullptr;
}

}  // namespace

ElementTargets::ElementTargets(const Term& term, const Data& prediction)
    : given_(is_given(term)),
      target_(given_ ? target_of(term) : zeros(prediction.shape, "target")) {
  const Choices& choices = term.choices;
  if (!given_) return;
  if (choices.target_kind != TargetKind::index && target_.shape == prediction.shape) return;
  const bool may_be_indices =
      choices.target_kind == TargetKind::automatic || choices.target_kind == TargetKind::index;
  if (may_be_indices && prediction.shape.size() >= 2) {
    const ClassLayout layout = class_layout(prediction, choices.class_axis);
    if (target_.shape == layout.position_shape && layout.classes > 1) {
      layout_ = layout;
      return;
    }
  }
  throw_shape(prediction, target_);
}

void ElementTargets::warn(const Data& prediction, std::vector<Warning>& warnings) const {
  if (!given_) warnings.push_back({"no-target", "no target is given; zeros stand for it"});
  if (!are_indices()) return;
  warnings.push_back({"indices-as-one-hot",
                      "target " + to_string(target_.shape) +
                          " holds class indices; they were read as one-hot rows of pred's shape " +
                          to_string(prediction.shape)});
}

bool ElementTargets::are_bits() const {
  constexpr std::size_t block = 4096;
  std::vector<double> numbers;
  const std::size_t size = element_count(target_.shape);
  for (std::size_t first = 0; first < size; first += block) {
    numbers.resize(std::min(block, size - first));
    target_.read(first, numbers);
    if (!std::ranges::all_of(numbers, [](double t) { return t == 0.0 || t == 1.0; })) return false;
  }
  return true;
}

void ElementTargets::read(std::size_t first, std::span<double> out, Findings& findings) const {
  if (!layout_) {
    target_.read(first, out);
    return;
  }
  for (std::size_t i = 0; i < out.size();) i += read_one_hot(first + i, out.subspan(i), findings);
}

/// Fills as many elements as share an outer index and a class; returns how many.
std::size_t ElementTargets::read_one_hot(std::size_t first, std::span<double> out,
                                         Findings& findings) const {
  const std::size_t class_index = first / layout_->inner % layout_->classes;
  const std::size_t run = std::min(out.size(), layout_->inner - first % layout_->inner);
  const std::span<double> part = out.first(run);
  target_.read(position(first), part);
  for (std::size_t i = 0; i < run; ++i) {
    const double index = part[i];
    if (index != std::floor(index)) findings.add(Finding::target_not_an_index, first + i);
    if (!(index >= 0.0 && index < static_cast<double>(layout_->classes))) {
      findings.add(Finding::target_index_out_of_range, first + i);
    }
    part[i] = index == static_cast<double>(class_index) ? 1.0 : 0.0;
  }
  return run;
}

Place ElementTargets::place(std::size_t element) const { return target_.place(position(element)); }

double ElementTargets::value(std::size_t element) const {
  return evaluation::element(target_, position(element));
}

}  // namespace losscalc::evaluation
