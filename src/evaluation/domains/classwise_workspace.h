/// The buffers that the driver of classwise losses works in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "evaluation/arrays/aligned.h"
#include "evaluation/domains/target_log_probability.h"
#include "evaluation/inputs/class_targets.h"
#include "evaluation/links/links.h"
#include "numeric/limits.h"

namespace losscalc::evaluation {

/// Buffers of one block. Class-major ones have block_shape().size() entries, once they are made,
/// the others one for each position.
struct ClasswiseWorkspace {
  /// Positions from `last` on will not be asked for.
  explicit ClasswiseWorkspace(BlockShape shape, std::size_t last = 0)
      : block_shape(shape),
        loss(shape.stride),
        weight(shape.stride),
        terms(shape.stride),
        row(shape.classes),
        row_slope(shape.classes),
        target_log_p{.stored_rows = Window<float>(last * shape.classes)} {}

  /// Gives the class-major buffers their room, of which log p of the targets alone needs none.
  void make_class_major() {
    for (AlignedVector* const buffer : {&raw, &log_p, &log_q, &slope, &by_log_q, &mask})
      buffer->resize(block_shape.size());
  }

  /// Fills shown_target with the classes of the targets (NaN where ignored) and predicted with
  /// those of the largest predictions.
  void show_classes(std::size_t count) {
    show_targets(count);
    predicted.assign(count, 0.0);
    for (std::size_t j = 0; j < count; ++j) {
      std::size_t best = 0;
      for (std::size_t c = 1; c < block_shape.classes; ++c) {
        if (raw[c * block_shape.stride + j] > raw[best * block_shape.stride + j]) best = c;
      }
      predicted[j] = static_cast<double>(best);
    }
  }

  void show_targets(std::size_t count) {
    shown_target.assign(count, quiet_nan);
    for (std::size_t j = 0; j < count; ++j) {
      if (targets.ignored[j] == 0) shown_target[j] = static_cast<double>(targets.classes[j]);
    }
  }

  BlockShape block_shape;
  AlignedVector raw;  ///< the prediction as read
  AlignedVector log_p;
  AlignedVector log_q;
  AlignedVector slope;
  AlignedVector by_log_q;
  AlignedVector mask;  ///< 0 where a class is left out
  AlignedVector loss;
  AlignedVector weight;
  AlignedVector terms;
  std::vector<double> row;
  std::vector<double> row_slope;
  std::vector<double> predicted;
  std::vector<double> shown_target;
  std::vector<std::uint32_t> one_class;
  std::vector<double> scratch;
  TargetBlock targets;
  TargetLogProbability::Workspace target_log_p;
};

}  // namespace losscalc::evaluation
