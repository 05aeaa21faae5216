/// Label smoothing: targets that are less sure of themselves.
#pragma once

#include <cstddef>
#include <string>

#include "definition/conventions.h"

namespace losscalc::evaluation {

/// The share of a class in the target, of `classes` (2 for yes or no), once it is smoothed by the
/// kind and amount that the conventions say. Uniform: Szegedy et al. 2016; the others in
/// definition/conventions.cpp's words.
inline double smoothed(double target, const Conventions& conventions, std::size_t classes) {
  const double e = conventions.label_smoothing;
  if (e == 0.0) return target;
  const auto count = static_cast<double>(classes);
  switch (conventions.smoothing) {
    case Smoothing::uniform: return target * (1.0 - e) + e / count;
    case Smoothing::others: return target * (1.0 - e) + (1.0 - target) * e / (count - 1.0);
    case Smoothing::half: return target * (1.0 - e) + e / 2.0;
    case Smoothing::flip: return target * (1.0 - e) + (1.0 - target) * e;
    case Smoothing::classy: break;
  }
  const double less = e / (1.0 + e);
  return target * (1.0 - less) + less / count;
}

/// Throws Error(not_supported) where the kind of smoothing is not one for such targets: of yes or
/// no, or a distribution over classes.
void check_smoothing(const Conventions& conventions, bool yes_or_no, const std::string& loss_name);

}  // namespace losscalc::evaluation
