/// The value of a loss on data that are treated as a program may have treated them.
#pragma once

#include <optional>

#include "evaluation/evaluate.h"
#include "matching/treatment.h"

namespace losscalc::commands {

/// Nothing where the treatment has no place: arrays that are not there, shapes that are not
/// broadcast, losses that are not averaged. Throws as evaluate().
std::optional<double> treated_value(evaluation::Term term, const matching::Treatment& treatment,
                                    std::size_t threads);

}  // namespace losscalc::commands
