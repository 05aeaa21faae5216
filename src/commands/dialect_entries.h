/// Entries of other libraries' losses with the terms that they are.
#pragma once

#include <string>
#include <vector>

#include "report/dialects.h"

namespace losscalc::commands {

/// The entries of a name: several where they differ in the axes of the predictions. Throws as
/// spec::resolve().
std::vector<report::DialectEntry> entries_named(const std::string& name);

/// All of a library's, in its order.
std::vector<report::DialectEntry> entries_of(const dialects::Library& library);

/// Those of other libraries that are the same loss as one of these forms of an entry.
std::vector<report::DialectEntry> entries_elsewhere(const std::vector<report::DialectEntry>& forms);

}  // namespace losscalc::commands
