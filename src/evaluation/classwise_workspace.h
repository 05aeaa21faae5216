/// The buffers that the driver of classwise losses works in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "evaluation/aligned.h"
#include "evaluation/class_targets.h"
#include "evaluation/links.h"

namespace losscalc::evaluation {

/// Buffers of one block. Class-major ones have block_shape().size() entries, the others one for
/// each position.
struct ClasswiseWorkspace {
  explicit ClasswiseWorkspace(BlockShape shape)
      : block_shape(shape),
        held(shape.size()),
        log_p(shape.size()),
        log_q(shape.size()),
        slope(shape.size()),
        by_log_q(shape.size()),
        loss(shape.stride),
        weight(shape.stride),
        terms(shape.stride),
        row(shape.classes),
        row_slope(shape.classes) {}

  /// Fills shown_target and predicted with the classes of the targets (NaN where ignored) and of
  /// the largest predictions.
  void show_classes(std::size_t count) {
    predicted.assign(count, 0.0);
    shown_target.assign(count, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t j = 0; j < count; ++j) {
      std::size_t best = 0;
      for (std::size_t c = 1; c < block_shape.classes; ++c) {
        if (held[c * block_shape.stride + j] > held[best * block_shape.stride + j]) best = c;
      }
      predicted[j] = static_cast<double>(best);
      if (targets.ignored[j] == 0) shown_target[j] = static_cast<double>(targets.classes[j]);
    }
  }

  BlockShape block_shape;
  AlignedVector held;  ///< the prediction as read
  AlignedVector log_p;
  AlignedVector log_q;
  AlignedVector slope;
  AlignedVector by_log_q;
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
};

}  // namespace losscalc::evaluation
