/// The buffers of the elementwise driver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "evaluation/arrays/aligned.h"
#include "evaluation/arrays/window.h"

namespace losscalc::evaluation {

/// Buffers of one block of at most so many elements, filled up to whole registers.
struct ElementwiseWorkspace {
  /// Elements from `last` on will not be asked for.
  explicit ElementwiseWorkspace(std::size_t elements, std::size_t last = 0)
      : size(padded(elements)),
        stored_predictions(last),
        stored_targets(last),
        prediction(size),
        target(size),
        log_p(size),
        log_q(size),
        by_log_q(size),
        loss(size),
        weight(size),
        positive_weight(size),
        classes(size) {}

  std::size_t size;

  Window<double> stored_predictions;
  Window<double> stored_targets;
  /// What a block holds: in these buffers, or where it lies in memory.
  std::span<const double> predictions;
  std::span<const double> targets;

  AlignedVector prediction;
  AlignedVector target;
  AlignedVector log_p;
  AlignedVector log_q;
  AlignedVector by_log_q;
  AlignedVector loss;
  AlignedVector weight;
  AlignedVector positive_weight;
  std::vector<std::uint32_t> classes;
};

}  // namespace losscalc::evaluation
