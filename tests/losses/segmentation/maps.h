/// A foreground map of four pixels and its truth, on which the region losses are tried.
#pragma once

#include <vector>

#include "losses/single.h"

namespace losscalc::single {

inline const std::vector<double> p{0.9, 0.8, 0.3, 0.1};
inline const std::vector<double> t{1, 1, 0, 0};
inline const Arguments unsmoothed{{"smooth_nr", 0.0}, {"smooth_dr", 0.0}};

}  // namespace losscalc::single
