/// What is wrong with a gradient, where it is a known mistake.
#pragma once

#include <optional>

#include "commands/gradient_check.h"
#include "report/gradcheck.h"

namespace losscalc::commands {

/// Compares the failed gradient with what known mistakes would give: a constant factor, a sign,
/// zero, other order of samples or classes, another reduction, a weight, smoothing or ignored index
/// that was left out, a link that was forgotten. Nothing if none explains all entries.
std::optional<report::Diagnosis> diagnosis_of(const GradientCheck& check, const BoundTerms& bound);

}  // namespace losscalc::commands
