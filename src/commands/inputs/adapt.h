/// Arrays of files as evaluation sees them.
#pragma once

#include "evaluation/arrays/data.h"
#include "io/array.h"

namespace losscalc::commands {

/// The array with its places, and where it lies in memory, its elements as they lie.
evaluation::Data adapted(io::Array array);

}  // namespace losscalc::commands
