/// Several arrays as one.
#pragma once

#include <vector>

#include "io/array.h"

namespace losscalc::io {

/// The arrays one after the other along their first axis; nothing is copied. Places are those of
/// the parts. Throws Error(shape_mismatch) naming the part whose other axes differ from the first
/// one's, or which has words where that has numbers.
Array concatenated(const std::vector<Array>& parts);

}  // namespace losscalc::io
