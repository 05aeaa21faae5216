/// Entries of other libraries' losses with the terms that they are.
#pragma once

#include <vector>

#include "report/dialects.h"

namespace losscalc::commands {

/// All of a library's, in its order.
std::vector<report::DialectEntry> entries_of(const dialects::Library& library);

/// Those of other libraries that are the same loss as this one.
std::vector<report::DialectEntry> entries_elsewhere(const report::DialectEntry& entry);

}  // namespace losscalc::commands
