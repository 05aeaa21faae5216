/// Generators of the domains whose units are more than a number or a row of numbers.
#pragma once

#include <vector>

#include "evaluation/arrays/data.h"
#include "evaluation/term.h"
#include "generation/random.h"
#include "generation/random_inputs.h"

namespace losscalc::generation {

/// Vectors, and labels where the loss has them, by role.
evaluation::Inputs random_tuples(const Loss& loss, const Arguments& parameters, const Shape& shape,
                                 Regime regime, Random& random);

/// Vectors, and labels where the loss has them, by role.
evaluation::Inputs random_batch(const Loss& loss, const Shape& shape, Regime regime,
                                Random& random);

/// Predicted and true boxes in the format that `conventions` say.
evaluation::Inputs random_boxes(const Conventions& conventions, const Shape& shape, Regime regime,
                                Random& random);

}  // namespace losscalc::generation
