/// The bounds to which probabilities are clipped before their logarithms are taken.
#pragma once

#include <string>

#include "definition/conventions.h"
#include "evaluation/arrays/data.h"

namespace losscalc::evaluation {

/// The interval [low, 1 - below_one].
struct ClipBounds {
  double low = 0.0;
  double below_one = 0.0;

  double high() const { return 1.0 - below_one; }
  bool contain(double p) const { return p >= low && p <= high(); }
  /// Whether nothing is clipped; then probabilities above 1 are taken as they are.
  bool are_open() const { return low == 0.0 && below_one == 0.0; }
};

/// What eps, eps_high and eps_of say of these predictions. Throws Error(bad_value) for bounds that
/// leave nothing between them, or an eps_high of several numbers.
ClipBounds clip_bounds(const Conventions& conventions, const Data& prediction);

/// `[eps, 1 - eps] with eps = 1e-15`
std::string interval_text(const ClipBounds& bounds);

}  // namespace losscalc::evaluation
