/// Which maps a region loss has, from the axes that they span.
#pragma once

#include "definition/conventions.h"
#include "evaluation/arrays/data.h"

namespace losscalc::evaluation {

/// What conventions.map_axes say of predictions of this shape; conventions.region where they say
/// nothing. Throws Error(bad_value) for an axis that is not there or named twice, and
/// Error(not_supported) for maps of some of the pixels' axes.
RegionOver region_over(const Conventions& conventions, const Data& prediction);

}  // namespace losscalc::evaluation
