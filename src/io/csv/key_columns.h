/// Columns that count the rows of a table.
#pragma once

#include <optional>

#include "io/array.h"

namespace losscalc::io {

/// Where a column counts its rows 0, 1, 2, ... or 1, 2, 3, ...: 0 or 1. Nothing of fewer than three
/// rows, which may count by chance.
std::optional<int> counted_from(const Array& words);

}  // namespace losscalc::io
