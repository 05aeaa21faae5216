#include "commands/dialect_entries.h"

#include <string>

namespace losscalc::commands {
namespace {

/// The name by which find() gives this entry, also if a newer one has the same name.
std::string exact_name(const dialects::Library& library, const dialects::Entry& entry) {
  const std::string name(entry.names.front());
  if (entry.since.empty()) return name;
  const std::string prefix(library.name);
  return prefix + "@" + std::string(entry.since) + name.substr(prefix.size());
}

}  // namespace

std::vector<report::DialectEntry> entries_of(const dialects::Library& library) {
  std::vector<report::DialectEntry> entries;
  for (const dialects::Entry& entry : library.entries) {
    const spec::WrittenTerm written{
        .coefficient = 1.0, .name = exact_name(library, entry), .arguments = {}};
    entries.push_back({&library, &entry, spec::resolve({written}, {}).front()});
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
