/// How much of the registry the dearest tests run on.
#pragma once

#include <cstdlib>

namespace losscalc {

/// Whether every loss is to be tried where otherwise one of each domain is: LOSSCALC_EXHAUSTIVE is
/// set, as .ci/run does.
inline bool is_exhaustive() { return std::getenv("LOSSCALC_EXHAUSTIVE") != nullptr; }

}  // namespace losscalc
