#include "commands/dialect_entries.h"

namespace losscalc::commands {
std::vector<report::DialectEntry> entries_of(const dialects::Library& library) {
  std::vector<report::DialectEntry> entries;
  for (const dialects::Entry& entry : library.entries) {
    const spec::WrittenTerm written{
        .coefficient = 1.0, .name = dialects::exact_name(library, entry), .arguments = {}};
    entries.push_back(
        {&library, &entry, spec::resolve({written}, {}, dialects::axes_of(entry)).front()});
  }
  return entries;
}

std::vector<report::DialectEntry> entries_elsewhere(const report::DialectEntry& entry) {
  std::vector<report::DialectEntry> elsewhere;
  for (const dialects::Library* library : dialects::all_libraries()) {
    if (library == entry.library) continue;
    for (report::DialectEntry& other : entries_of(*library)) {
      if (other.term.loss == entry.term.loss) elsewhere.push_back(std::move(other));
    }
  }
  return elsewhere;
}

}  // namespace losscalc::commands
