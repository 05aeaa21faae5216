/// The processors that this process may use.
#pragma once

#include <cstddef>

namespace losscalc::process {

/// How many there are, at least 1. The system is asked once, at the first call, since the answer
/// costs a file to be opened.
std::size_t processor_count();

}  // namespace losscalc::process
