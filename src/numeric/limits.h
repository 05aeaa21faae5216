/// Numbers of double precision that many places need by name.
#pragma once

#include <limits>

namespace losscalc {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double quiet_nan = std::numeric_limits<double>::quiet_NaN();

/// The distance from 1 to the next double: 2^-52.
inline constexpr double epsilon = std::numeric_limits<double>::epsilon();

}  // namespace losscalc
