#include "evaluation/clip.h"

#include <algorithm>

#include "diagnostics/error.h"
#include "text/number.h"

namespace losscalc::evaluation {

ClipBounds clip_bounds(const Choices& choices, const Data& prediction) {
  ClipBounds bounds{.low = choices.clip_epsilon, .below_one = choices.clip_epsilon};
  if (choices.eps_of == EpsilonOf::stored)
    bounds.low = bounds.below_one = std::max(choices.clip_epsilon, prediction.machine_epsilon);
  if (choices.eps_high.size() > 1)
    throw Error(ErrorCode::bad_value, "eps_high must be one number, found a list");
  if (!choices.eps_high.empty()) bounds.below_one = choices.eps_high.front();
  if (bounds.low <= bounds.high() || choices.eps_high.empty()) return bounds;
  throw Error(ErrorCode::bad_value, "eps = " + text::shortest(bounds.low) +
                                        " and eps_high = " + text::shortest(bounds.below_one) +
                                        " leave no probabilities between them");
}

std::string to_string(const ClipBounds& bounds) {
  if (bounds.low == bounds.below_one)
    return "[eps, 1 - eps] with eps = " + text::shortest(bounds.low);
  return "[" + text::shortest(bounds.low) + ", 1 - " + text::shortest(bounds.below_one) + "]";
}

}  // namespace losscalc::evaluation
