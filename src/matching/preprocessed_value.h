/// The value of a loss on data that are treated as a program may have treated them.
#pragma once

#include <optional>

#include "evaluation/term.h"
#include "matching/preprocessing.h"

namespace losscalc::matching {

/// Nothing where the preprocessing has no place: arrays that are not there, shapes that are not
/// broadcast, losses that are not averaged. Throws as evaluate().
std::optional<double> preprocessed_value(evaluation::Term term, const Preprocessing& preprocessing,
                                         std::size_t threads);

}  // namespace losscalc::matching
