#include "evaluation/links/clip.h"

#include <algorithm>

#include "diagnostics/error.h"
#include "text/number.h"

namespace losscalc::evaluation {

ClipBounds clip_bounds(const Conventions& conventions, const Data& prediction) {
  ClipBounds bounds{.low = conventions.clip_epsilon, .below_one = conventions.clip_epsilon};
  if (conventions.eps_of == EpsilonOf::stored)
    bounds.low = bounds.below_one = std::max(conventions.clip_epsilon, prediction.machine_epsilon);
  if (conventions.eps_high.size() > 1)
    throw Error(ErrorCode::bad_value, "eps_high must be one number, found a list");
  if (!conventions.eps_high.empty()) bounds.below_one = conventions.eps_high.front();
  if (bounds.low <= bounds.high() || conventions.eps_high.empty()) return bounds;
  throw Error(ErrorCode::bad_value, "eps = " + text::shortest(bounds.low) +
                                        " and eps_high = " + text::shortest(bounds.below_one) +
                                        " leave no probabilities between them");
}

std::string interval_text(const ClipBounds& bounds) {
  if (bounds.low == bounds.below_one)
    return "[eps, 1 - eps] with eps = " + text::shortest(bounds.low);
  return "[" + text::shortest(bounds.low) + ", 1 - " + text::shortest(bounds.below_one) + "]";
}

}  // namespace losscalc::evaluation
