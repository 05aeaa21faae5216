/// The table of all losses. The build writes its definition from the file names in src/losses: the
/// file losses/<task>/smooth_l1.cpp must define `extern const Loss smooth_l1`.
#pragma once

#include <span>

#include "definition/loss.h"

namespace losscalc {

std::span<const Loss* const> registry();

}  // namespace losscalc
