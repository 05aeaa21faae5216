/// The arrays of a loss, preprocessed as a program may have preprocessed them.
#pragma once

#include <optional>

#include "evaluation/term.h"
#include "matching/array_cache.h"
#include "matching/preprocessing.h"

namespace losscalc::matching {

/// Nothing where the preprocessing has no place: arrays that are not there, shapes that are not
/// broadcast. A mean of means, which is made of values, leaves the arrays as they are.
std::optional<evaluation::Term> preprocessed(evaluation::Term term,
                                             const Preprocessing& preprocessing, ArrayCache& cache);

}  // namespace losscalc::matching
