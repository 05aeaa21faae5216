#include "evaluation/domains/target_log_probability.h"

#include <algorithm>

namespace losscalc::evaluation {
namespace {

constexpr std::size_t many_classes = 16;

}  // namespace

TargetLogProbability::TargetLogProbability(const ClassPredictions& predictions)
    : predictions_(predictions),
      classes_(predictions.layout().classes),
      in_rows_(predictions.layout().inner == 1 && classes_ >= many_classes),
      stride_(predictions.block_shape().stride) {}

/// Where a class of a position stands in the values.
std::size_t TargetLogProbability::place(std::size_t position, std::size_t class_index) const {
  return in_rows_ ? position * classes_ + class_index : class_index * stride_ + position;
}

/// The way without a copy: float32 logits of which nothing but log p is wanted. False if it can't
/// be taken.
bool TargetLogProbability::read_floats(std::size_t first, std::span<const std::uint32_t> targets,
                                       std::span<double> log_p, Workspace& work) const {
  if (predictions_.form() != From::logits || !predictions_.data().in_place.floats) return false;
  return in_rows_ ? read_float_rows(first, targets, log_p, work)
                  : read_float_planes(first, targets, log_p, work);
}

bool TargetLogProbability::read_float_rows(std::size_t first,
                                           std::span<const std::uint32_t> targets,
                                           std::span<double> log_p, Workspace& work) const {
  const std::span<const float> rows = work.stored_rows.get(
      predictions_.data().in_place.floats, first * classes_, targets.size() * classes_);
  const std::span<double> first_row = std::span(work.values).first(classes_);
  std::ranges::copy(rows.first(classes_), first_row.begin());
  if (predictions_.is_examined(first_row, 1)) return false;
  log_softmax_of_target_in_rows(classes_, rows, targets, log_p);
  return true;
}

/// Positions that lie side by side, class after class.
bool TargetLogProbability::read_float_planes(std::size_t first,
                                             std::span<const std::uint32_t> targets,
                                             std::span<double> log_p, Workspace& work) const {
  const ClassLayout& layout = predictions_.layout();
  const bool whole_vectors = targets.size() % block_multiple == 0;
  if (!whole_vectors || first % layout.inner + targets.size() > layout.inner) return false;
  const std::size_t length = (classes_ - 1) * layout.inner + targets.size();
  const std::shared_ptr<const float[]> stored =
      predictions_.data().in_place.floats(layout.flat(first, 0), length);
  const std::span<const float> planes(stored.get(), length);
  const std::span<double> first_position = std::span(work.values).first(classes_);
  for (std::size_t c = 0; c < classes_; ++c)
    first_position[c] = static_cast<double>(planes[c * layout.inner]);
  if (predictions_.is_examined(first_position, 1)) return false;
  log_softmax_of_target({.stride = layout.inner, .classes = classes_}, planes, targets, log_p);
  return true;
}

void TargetLogProbability::read(std::size_t first, std::span<const std::uint32_t> targets,
                                std::span<const std::uint8_t> ignored, std::span<double> log_p,
                                std::span<double> predicted, Workspace& work,
                                DataIssues& issues) const {
  const std::size_t count = targets.size();
  work.values.resize(predictions_.block_shape().size());
  if (predicted.empty() && read_floats(first, targets, log_p, work)) return;
  const std::span<double> rows = std::span(work.values).first(count * classes_);
  if (in_rows_) {
    predictions_.data().read(first * classes_, rows);
    if (predictions_.is_examined(rows, 1)) {
      measure_rows(classes_, rows, work.statistics);
      predictions_.examine(first, count, work.statistics, issues);
    }
  } else {
    predictions_.read(first, count, work.values, issues, work.scratch);
  }
  for (std::size_t j = 0; j < predicted.size(); ++j) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < classes_; ++c) {
      if (work.values[place(j, c)] > work.values[place(j, best)]) best = c;
    }
    predicted[j] = static_cast<double>(best);
  }
  if (predictions_.form() != From::logits) {
    take_probabilities(targets, log_p, work);
    for (std::size_t j = 0; j < count; ++j) {
      if (predictions_.is_clipped(work.values[place(j, targets[j])], log_p[j]) && ignored[j] == 0)
        issues.add(DataIssue::clipped, first + j);
    }
  } else if (in_rows_) {
    log_softmax_of_target_in_rows(classes_, rows, targets, log_p);
  } else {
    log_softmax_of_target(predictions_.block_shape(), work.values, targets, log_p);
  }
}

void TargetLogProbability::take_probabilities(std::span<const std::uint32_t> targets,
                                              std::span<double> log_p,
                                              const Workspace& work) const {
  for (std::size_t j = 0; j < targets.size(); ++j) log_p[j] = work.values[place(j, targets[j])];
  if (predictions_.form() != From::probs) return;
  log_clipped(predictions_.clip(), log_p);
  raise_to(predictions_.log_floor(), log_p);
}

}  // namespace losscalc::evaluation
