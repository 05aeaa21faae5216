/// The pair of boxes whose losses are known from several libraries.
#pragma once

#include "losses/single.h"

namespace losscalc::single {

inline constexpr Box<double> witness_prediction{0, 0, 2, 2};
inline constexpr Box<double> witness_target{1, 1, 3, 4};

/// The losses of boxes that share no area, or have none, must be numbers with slopes that are
/// numbers.
inline void check_degenerate_boxes(std::string_view name) {
  const Box<double> point{1, 1, 1, 1};
  const Box<double> flat{0, 1, 2, 1};
  const Box<double> thin{1, 0, 1, 2};
  const Box<double> full{0, 0, 2, 2};
  for (const Box<double>& prediction : {point, flat, thin, full}) {
    for (const Box<double>& target : {point, flat, thin, full}) {
      const BoxResult result = box(name, prediction, target);
      CHECK(std::isfinite(result.value));
      CHECK(std::isfinite(result.slope.x1 + result.slope.y1 + result.slope.x2 + result.slope.y2));
    }
  }
}

/// The loss is the same when both boxes are moved and scaled together.
inline void check_invariance(std::string_view name) {
  const auto moved = [](const Box<double>& b) {
    return Box<double>{8 * b.x1 - 3, 8 * b.y1 + 5, 8 * b.x2 - 3, 8 * b.y2 + 5};
  };
  CHECK(box(name, moved(witness_prediction), moved(witness_target)).value ==
        doctest::Approx(box(name, witness_prediction, witness_target).value).epsilon(1e-15));
}

}  // namespace losscalc::single
