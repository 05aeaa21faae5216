/// Which maps a region loss has, from the axes that they span.
#pragma once

#include "definition/choices.h"
#include "evaluation/data.h"

namespace losscalc::evaluation {

/// What choices.map_axes say of predictions of this shape; choices.region where they say nothing.
/// Throws Error(bad_value) for an axis that is not there or named twice, and Error(not_supported)
/// for maps of some of the pixels' axes.
RegionOver region_over(const Choices& choices, const Data& prediction);

}  // namespace losscalc::evaluation
