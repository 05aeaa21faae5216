#include "evaluation/inputs/class_targets.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

/// The target's shape with the class axis kept at length 1, if it is of that kind.
bool has_unit_class_axis(const Shape& target, const Shape& prediction, const ClassLayout& layout) {
  if (target.size() != prediction.size() || layout.classes == 1) return false;
  return element_count(target) == layout.positions() && target != prediction;
}

/// [N,H,W] or [B,T] for [N,H,W,C] or [B,T,V].
bool fits_channels_last(const Shape& target, const Shape& prediction) {
  return prediction.size() > 2 && target.size() + 1 == prediction.size() &&
         std::equal(target.begin(), target.end(), prediction.begin());
}

[[noreturn]] void throw_shape(const Data& target, const Data& prediction,
                              const ClassLayout& layout) {
  std::string hint;
  if (has_unit_class_axis(target.shape, prediction.shape, layout)) {
    hint = "add --target-kind index to read it as one class index per position";
    if (!target.squeeze_hint.empty()) hint += ", or select its column: " + target.squeeze_hint;
  }
  if (fits_channels_last(target.shape, prediction.shape))
    hint = "add --class-axis -1 if the last axis of pred holds the classes";
  throw Error(ErrorCode::shape_mismatch,
              "target has shape " + to_string(target.shape) + ", expected " +
                  to_string(layout.position_shape) + " (class indices) or " +
                  to_string(prediction.shape) + " (one-hot or soft), to fit pred " +
                  to_string(prediction.shape),
              target.whole, hint);
}

}  // namespace

void count_classes(const TargetBlock& targets, std::size_t count, std::span<std::size_t> counts) {
  constexpr std::size_t few = 64;
  if (targets.any_ignored || counts.size() > few) {
    for (std::size_t j = 0; j < count; ++j) {
      if (targets.ignored[j] == 0) ++counts[targets.classes[j]];
    }
    return;
  }
  // Of neighbours of one class, the next would wait for the sum before.
  std::array<std::array<std::uint32_t, few>, 4> in_turn{};
  std::size_t j = 0;
  for (; j + in_turn.size() <= count; j += in_turn.size()) {
    for (std::size_t k = 0; k < in_turn.size(); ++k) ++in_turn[k][targets.classes[j + k]];
  }
  for (; j < count; ++j) ++in_turn[0][targets.classes[j]];
  for (std::size_t c = 0; c < counts.size(); ++c) {
    for (const auto& part : in_turn) counts[c] += part[c];
  }
}

ClassTargets::ClassTargets(const ClassLayout& layout, const Data& prediction, Data target,
                           const Conventions& conventions, SingleClass single)
    : layout_(layout),
      target_(std::move(target)),
      ignore_index_(conventions.ignore_index),
      in_unit_interval_(conventions.check) {
  const TargetKind kind = conventions.target_kind;
  if (kind == TargetKind::signs || kind == TargetKind::numbers ||
      kind == TargetKind::bits_or_numbers) {
    throw Error(
        ErrorCode::not_supported,
        "target_kind=signs, numbers and bits-or-numbers are for losses whose targets are -1 "
        "and 1",
        target_.whole);
  }
  const bool like_indices =
      target_.shape == layout.position_shape ||
      (layout.position_shape.empty() && target_.shape == Shape{1}) ||
      (kind == TargetKind::index && has_unit_class_axis(target_.shape, prediction.shape, layout));
  const bool like_prediction = target_.shape == prediction.shape;
  if (kind != TargetKind::onehot && like_indices) {
    kind_ = layout.classes == 1 && single == SingleClass::mask ? Kind::mask : Kind::index;
  } else if (kind != TargetKind::index && like_prediction) {
    kind_ = Kind::distribution;
  } else {
    throw_shape(target_, prediction, layout);
  }
  // A negative one is no class, and says nothing of targets that hold none.
  const bool may_ignore =
      std::ranges::any_of(ignore_index_, [](double index) { return index >= 0.0; });
  if (kind_ == Kind::distribution && may_ignore) {
    throw Error(ErrorCode::not_supported,
                "ignore_index needs class indices as targets; target " + to_string(target_.shape) +
                    " holds one value for each class",
                target_.whole);
  }
}

void ClassTargets::read(std::size_t first, std::size_t count, std::size_t stride,
                        TargetBlock& block, DataIssues& issues,
                        std::vector<double>& scratch) const {
  block.classes.assign(stride, 0);
  block.ignored.assign(stride, 0);
  block.any_ignored = false;
  switch (kind_) {
    case Kind::index: read_indices(first, count, block, issues); break;
    case Kind::mask: read_mask(first, count, block, issues); break;
    case Kind::distribution: read_distribution(first, count, stride, block, issues, scratch); break;
  }
}

/// Whether no index of a class is one that is ignored.
bool ClassTargets::takes_plain_indices() const {
  constexpr std::size_t max_classes = std::size_t{1} << 31U;
  const auto classes = static_cast<double>(layout_.classes);
  return layout_.classes <= max_classes && std::ranges::none_of(ignore_index_, [classes](double i) {
           return i >= 0.0 && i < classes;
         });
}

/// Reads indices where they lie; false if there is anything else among them.
bool ClassTargets::read_plain_indices(std::size_t first, std::size_t count,
                                      TargetBlock& block) const {
  if (!target_.in_place.integers) return false;
  const std::shared_ptr<const std::int64_t[]> stored = target_.in_place.integers(first, count);
  const std::span<const std::int64_t> values(stored.get(), count);
  const auto classes = static_cast<std::uint64_t>(layout_.classes);
  std::uint64_t outside = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const auto index = static_cast<std::uint64_t>(values[j]);
    outside |= index < classes ? 0U : 1U;
    block.classes[j] = static_cast<std::uint32_t>(index);
  }
  if (outside == 0) return true;
  std::ranges::fill(block.classes, 0U);
  return false;
}

void ClassTargets::read_indices(std::size_t first, std::size_t count, TargetBlock& block,
                                DataIssues& issues) const {
  if (takes_plain_indices() && read_plain_indices(first, count, block)) return;
  block.distribution.resize(count);
  const std::span<double> values(block.distribution);
  target_.read(first, values);
  const auto classes = static_cast<double>(layout_.classes);
  const auto is_index = [classes](double value) {
    return value >= 0.0 && value < classes && value == std::floor(value);
  };
  if (takes_plain_indices() &&
      std::ranges::count_if(values, is_index) == static_cast<std::ptrdiff_t>(count)) {
    for (std::size_t j = 0; j < count; ++j)
      block.classes[j] = static_cast<std::uint32_t>(static_cast<std::int32_t>(values[j]));
    return;
  }
  for (std::size_t j = 0; j < count; ++j) {
    const double value = values[j];
    const bool ignored = std::ranges::find(ignore_index_, value) != ignore_index_.end();
    const bool integral = value == std::floor(value);
    if (!ignored && is_index(value)) {
      block.classes[j] = static_cast<std::uint32_t>(value);
      continue;
    }
    block.ignored[j] = 1;
    block.any_ignored = true;
    if (ignored) continue;
    issues.add(integral ? DataIssue::target_index_out_of_range : DataIssue::target_not_an_index,
               first + j);
  }
}

void ClassTargets::read_mask(std::size_t first, std::size_t count, TargetBlock& block,
                             DataIssues& issues) const {
  block.distribution.assign(block.classes.size(), 0.0);
  const std::span<double> values = std::span(block.distribution).first(count);
  target_.read(first, values);
  for (std::size_t j = 0; j < count; ++j) {
    if (std::ranges::find(ignore_index_, values[j]) != ignore_index_.end()) {
      values[j] = 0.0;
      block.ignored[j] = 1;
      block.any_ignored = true;
    } else if (!(values[j] >= 0.0 && values[j] <= 1.0)) {
      issues.add(DataIssue::target_outside_unit_interval, first + j);
    }
  }
}

void ClassTargets::read_distribution(std::size_t first, std::size_t count, std::size_t stride,
                                     TargetBlock& block, DataIssues& issues,
                                     std::vector<double>& scratch) const {
  constexpr double tolerance = 1e-3;
  block.distribution.assign(stride * layout_.classes, 0.0);
  gather(layout_, target_, first, count, stride, block.distribution, scratch);
  for (std::size_t j = 0; j < count; ++j) {
    double sum = 0.0;
    double largest = -1.0;
    for (std::size_t c = 0; c < layout_.classes; ++c) {
      const double t = block.distribution[c * stride + j];
      if (in_unit_interval_ ? !(t >= 0.0 && t <= 1.0) : !std::isfinite(t)) {
        issues.add(DataIssue::target_outside_unit_interval, layout_.flat(first + j, c));
      }
      sum += t;
      if (t > largest) {
        largest = t;
        block.classes[j] = static_cast<std::uint32_t>(c);
      }
    }
    if (!(std::fabs(sum - 1.0) <= tolerance)) {
      issues.add(DataIssue::target_row_not_normalized, layout_.flat(first + j, 0));
    }
  }
}

void ClassTargets::require_one_hot(std::size_t first, std::size_t count, std::size_t stride,
                                   TargetBlock& block, DataIssues& issues) const {
  if (kind_ != Kind::distribution) return;
  for (std::size_t j = 0; j < count; ++j) {
    for (std::size_t c = 0; c < layout_.classes; ++c) {
      const double expected = block.classes[j] == c ? 1.0 : 0.0;
      if (block.distribution[c * stride + j] == expected) continue;
      issues.add(DataIssue::target_not_one_hot, layout_.flat(first + j, c));
      break;
    }
  }
}

void ClassTargets::expand(std::size_t count, std::size_t stride, TargetBlock& block) const {
  if (kind_ != Kind::index) return;
  block.distribution.assign(stride * layout_.classes, 0.0);
  for (std::size_t j = 0; j < count; ++j) {
    if (block.ignored[j] == 0) block.distribution[block.classes[j] * stride + j] = 1.0;
  }
}

void ClassTargets::warn(const DataIssues& issues, std::vector<Warning>& warnings) const {
  if (const std::size_t rows = issues[DataIssue::target_row_not_normalized].count; rows > 0) {
    warnings.push_back(
        {"target-not-normalized", counted(rows, "target row does", "target rows do") +
                                      " not sum to 1 and so is no distribution over the classes"});
  }
}

/// Labels that count from 1 are told by what they are: at least 1, and at most the number of
/// classes.
std::string ClassTargets::hint_for_index(const std::string& found) const {
  constexpr std::size_t piece = std::size_t{1} << 16U;
  double smallest = static_cast<double>(layout_.classes);
  double largest = 0.0;
  std::vector<double> values;
  const std::size_t size = element_count(target_.shape);
  for (std::size_t first = 0; first < size; first += values.size()) {
    values.resize(std::min(piece, size - first));
    target_.read(first, values);
    for (const double value : values) {
      if (std::ranges::find(ignore_index_, value) != ignore_index_.end()) continue;
      smallest = std::min(smallest, value);
      largest = std::max(largest, value);
    }
  }
  if (smallest >= 1.0 && largest == static_cast<double>(layout_.classes))
    return "labels count from 1, as it seems: add --label-base 1";
  return "if " + found + " marks units that belong to no class, add --ignore-index " + found;
}

void ClassTargets::raise(const DataIssues& issues) const {
  if (const DataIssueCount& bad = issues[DataIssue::target_not_an_index]; bad.count > 0) {
    throw Error(ErrorCode::out_of_range,
                "expected a class index, found " + text::shortest(element(target_, bad.first)) +
                    and_more(bad.count, "target", "targets"),
                target_.place(bad.first));
  }
  if (const DataIssueCount& bad = issues[DataIssue::target_index_out_of_range]; bad.count > 0) {
    const std::string found = text::shortest(element(target_, bad.first));
    throw Error(
        ErrorCode::out_of_range,
        "expected a class index from 0 to " + std::to_string(layout_.classes - 1) + ", found " +
            found + and_more(bad.count, "target", "targets"),
        target_.place(bad.first),
        (target_.class_hint.empty() ? "" : target_.class_hint + "; ") + hint_for_index(found));
  }
  if (const DataIssueCount& bad = issues[DataIssue::target_not_one_hot]; bad.count > 0) {
    throw Error(ErrorCode::out_of_range,
                "expected one-hot targets (one 1 among zeros), found " +
                    text::shortest(element(target_, bad.first)) +
                    and_more(bad.count, "row", "rows"),
                target_.place(bad.first));
  }
  if (const DataIssueCount& bad = issues[DataIssue::target_outside_unit_interval]; bad.count > 0) {
    throw Error(ErrorCode::out_of_range,
                std::string(in_unit_interval_ ? "expected a target in [0, 1]"
                                              : "expected a finite target") +
                    ", found " + text::shortest(element(target_, bad.first)) +
                    and_more(bad.count, "target", "targets"),
                target_.place(bad.first), target_.class_hint);
  }
}

}  // namespace losscalc::evaluation
