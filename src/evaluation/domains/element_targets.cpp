#include "evaluation/domains/element_targets.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "evaluation/term.h"
#include "text/number.h"

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
  return term.conventions.without_target == WithoutTarget::error ||
         optional_input(term, "target") != nullptr;
}

}  // namespace

ElementTargets::ElementTargets(const Term& term, const Data& prediction)
    : given_(is_given(term)),
      target_(given_ ? target_of(term) : zeros(prediction.shape, "target")),
      are_strict_signs_(term.conventions.target_kind == TargetKind::signs),
      values_(values_for(term.conventions.target_kind, term.loss->target_values)),
      are_numbers_(values_ != term.loss->target_values) {
  const Conventions& conventions = term.conventions;
  if (!given_) return;
  if (conventions.target_kind != TargetKind::index && target_.shape == prediction.shape) return;
  const bool may_be_indices = conventions.target_kind == TargetKind::automatic ||
                              conventions.target_kind == TargetKind::index;
  if (may_be_indices && prediction.shape.size() >= 2) {
    const ClassLayout layout = class_layout(prediction, conventions.class_axis);
    if (target_.shape == layout.position_shape && layout.classes > 1) {
      layout_ = layout;
      return;
    }
  }
  throw_shape(prediction, target_);
}

void ElementTargets::warn(const Data& prediction, const DataIssues& issues,
                          std::vector<Warning>& warnings) const {
  if (const std::size_t numbers = issues[DataIssue::target_taken_as_number].count; numbers > 0)
    warnings.push_back(taken_as_numbers(numbers, "target", "targets"));
  if (!given_) warnings.push_back({"no-target", "no target is given; zeros are used instead"});
  if (!are_indices()) return;
  warnings.push_back({"indices-as-one-hot",
                      "target " + to_string(target_.shape) +
                          " holds class indices; they were read as one-hot rows of pred's shape " +
                          to_string(prediction.shape)});
}

/// Signs may be other numbers too, where they are taken as they are.
TargetValues ElementTargets::values_for(TargetKind kind, TargetValues of_loss) const {
  if (kind != TargetKind::numbers && kind != TargetKind::bits_or_numbers) return of_loss;
  if (of_loss != TargetValues::signs) {
    throw Error(ErrorCode::not_supported,
                "target_kind=numbers and bits-or-numbers are for losses whose targets are -1 and 1",
                target_.whole);
  }
  return kind == TargetKind::bits_or_numbers && are_bits() ? of_loss : TargetValues::any;
}

/// Whether all of them are 0 or 1.
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

void ElementTargets::read(std::size_t first, std::span<double> out, DataIssues& issues) const {
  if (layout_ && layout_->inner == 1) {
    read_one_hot_rows(first, out, issues);
  } else if (layout_) {
    for (std::size_t i = 0; i < out.size();) i += read_one_hot(first + i, out.subspan(i), issues);
  } else {
    target_.read(first, out);
  }
  check(first, out, issues);
}

void ElementTargets::check(std::size_t first, std::span<double> targets, DataIssues& issues) const {
  const auto note = [&](DataIssue issue, auto is_wrong) {
    if (std::ranges::count_if(targets, is_wrong) == 0) return;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (is_wrong(targets[i])) issues.add(issue, first + i);
    }
  };
  const bool may_be_bits = values_ == TargetValues::signs && !are_strict_signs_;
  if (are_strict_signs_ || may_be_bits) {
    note(DataIssue::target_not_a_sign,
         [may_be_bits](double t) { return std::fabs(t) != 1.0 && !(may_be_bits && t == 0.0); });
  }
  if (values_ == TargetValues::unit_interval)
    note(DataIssue::target_outside_unit_interval, [](double t) { return !(t >= 0.0 && t <= 1.0); });
  if (are_numbers_)
    note(DataIssue::target_taken_as_number, [](double t) { return std::fabs(t) != 1.0; });
  if (values_ != TargetValues::signs) return;
  note(DataIssue::target_zero, [](double t) { return t == 0.0; });
  note(DataIssue::target_minus_one, [](double t) { return t == -1.0; });
  for (double& t : targets) t = t > 0.0 ? 1.0 : -1.0;
}

void ElementTargets::raise(const DataIssues& issues, const Interval& domain) const {
  raise_one(issues, DataIssue::target_not_an_index, "a class index");
  raise_one(issues, DataIssue::target_index_out_of_range,
            "a class index from 0 to " + std::to_string(classes() - 1));
  raise_one(issues, DataIssue::target_outside_unit_interval, "a target in [0, 1]");
  raise_one(issues, DataIssue::target_outside_domain, "a target " + losscalc::to_string(domain));
  raise_one(issues, DataIssue::target_not_a_sign,
            are_strict_signs_ ? "a target of -1 or 1" : "a target of -1 or 1 (or 0 or 1)");
  const DataIssueCount& zero = issues[DataIssue::target_zero];
  const DataIssueCount& minus_one = issues[DataIssue::target_minus_one];
  if (zero.count == 0 || minus_one.count == 0) return;
  throw Error(ErrorCode::out_of_range, "targets hold both 0 and -1; expected -1 and 1, or 0 and 1",
              place(std::max(zero.first, minus_one.first)));
}

void ElementTargets::raise_one(const DataIssues& issues, DataIssue issue,
                               const std::string& expected) const {
  const DataIssueCount& bad = issues[issue];
  if (bad.count == 0) return;
  throw Error(ErrorCode::out_of_range,
              "expected " + expected + ", found " + text::shortest(value(bad.first)) +
                  and_more(bad.count, "target", "targets"),
              place(bad.first), target_.class_hint);
}

/// Where the classes of a position lie side by side.
void ElementTargets::read_one_hot_rows(std::size_t first, std::span<double> out,
                                       DataIssues& issues) const {
  if (out.empty()) return;
  const std::size_t classes = layout_->classes;
  const std::size_t row = first / classes;
  std::vector<double> indices((first + out.size() - 1) / classes - row + 1);
  target_.read(row, indices);
  std::size_t class_index = first % classes;
  std::size_t i = 0;
  for (const double index : indices) {
    const bool integral = index == std::floor(index);
    const bool inside = index >= 0.0 && index < static_cast<double>(classes);
    for (; class_index < classes && i < out.size(); ++class_index, ++i) {
      if (!integral) issues.add(DataIssue::target_not_an_index, first + i);
      if (!inside) issues.add(DataIssue::target_index_out_of_range, first + i);
      out[i] = index == static_cast<double>(class_index) ? 1.0 : 0.0;
    }
    class_index = 0;
  }
}

/// Fills as many elements as share an outer index and a class; returns how many.
std::size_t ElementTargets::read_one_hot(std::size_t first, std::span<double> out,
                                         DataIssues& issues) const {
  const std::size_t class_index = first / layout_->inner % layout_->classes;
  const std::size_t run = std::min(out.size(), layout_->inner - first % layout_->inner);
  const std::span<double> part = out.first(run);
  target_.read(position(first), part);
  for (std::size_t i = 0; i < run; ++i) {
    const double index = part[i];
    if (index != std::floor(index)) issues.add(DataIssue::target_not_an_index, first + i);
    if (!(index >= 0.0 && index < static_cast<double>(layout_->classes))) {
      issues.add(DataIssue::target_index_out_of_range, first + i);
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
