/// The value of a term from the sums of its pass.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "definition/conventions.h"
#include "definition/kernel.h"
#include "evaluation/pass.h"
#include "evaluation/reduction/axis_reduction.h"

namespace losscalc::evaluation {

/// The reduction of a term's value: a penalty is never averaged.
Reduction reduction_of(const Term& term);

/// The reduction of a table's row. An array of unit losses has no value to give a row; its mean is
/// shown.
Reduction row_reduction(const Term& term);

/// The rows that units are joined to.
AxisReduction rows_of(const Pass& pass);

/// What multiplies a reduced value: the term's scale, and what makes units of rows of those of
/// elements.
double value_factor(const Pass& pass, Reduction reduction);

/// The shape of the array of unit losses under reduction none, and these losses.
Shape losses_shape(const Pass& pass);
std::vector<double> unit_losses(const Pass& pass);

/// The value of one term, with what `empty` says where there is nothing to average; of outputs that
/// are shown one by one, the sum.
double value_of(const Pass& pass);

/// The value of each output, with the term's scale and without its coefficient.
std::vector<double> values_of_outputs(const Pass& pass);

/// The derivative of the sum of all values_of_outputs(), without the scale, by w_u l_u, as a
/// function of u. The root's derivative is 0 where it has none, at 0.
std::function<double(std::size_t)> unit_factors(const Pass& pass, DerivativeBy by);

}  // namespace losscalc::evaluation
