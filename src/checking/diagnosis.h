/// What is wrong with a gradient, where it is a known mistake.
#pragma once

#include <optional>

#include "checking/gradient_check.h"

namespace losscalc::checking {

/// A known mistake that explains a wrong gradient.
struct Diagnosis {
  std::string code;
  std::string message;
  std::optional<double> factor = {};
};

/// Compares the failed gradient with what known mistakes would give: a constant factor, a sign,
/// zero, other order of samples or classes, another reduction, a weight, smoothing or ignored index
/// that was left out, a link that was forgotten. Nothing if none explains all entries.
std::optional<Diagnosis> diagnosis_of(const GradientCheck& check, const NamedTerms& bound);

}  // namespace losscalc::checking
