/// Samples of an array in another order, or some of them.
#pragma once

#include <cstddef>
#include <vector>

#include "io/array.h"

namespace losscalc::io {

/// The positions `rows` of the first axis, in that order; places are those of the array. What is
/// decoded from a text is kept in a spool if the order goes back and forth, so that no part is
/// decoded again and again. Column names and what was read are kept; keys are not.
Array gathered(const Array& array, const std::vector<std::size_t>& rows);

}  // namespace losscalc::io
