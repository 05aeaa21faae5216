#include "commands/dialect_entries.h"

#include <algorithm>
#include <utility>

namespace losscalc::commands {

std::vector<report::DialectEntry> entries_named(const std::string& name) {
  const dialects::Library* library = nullptr;
  if (const auto found = dialects::find(name)) library = found->library;
  const spec::WrittenTerm written{.coefficient = 1.0, .name = name, .arguments = {}};
  spec::Term term = spec::resolve({written}, {}).front();
  std::vector<report::DialectEntry> entries;
  std::vector<spec::Term> by_rank = std::move(term.by_rank);
  entries.push_back({library, term.dialect, std::move(term)});
  for (spec::Term& other : by_rank) entries.push_back({library, other.dialect, std::move(other)});
  return entries;
}

std::vector<report::DialectEntry> entries_of(const dialects::Library& library) {
  std::vector<report::DialectEntry> entries;
  for (const dialects::Entry& entry : library.entries) {
    for (report::DialectEntry& one : entries_named(dialects::exact_name(library, entry))) {
      if (one.entry == &entry) entries.push_back(std::move(one));
    }
  }
  return entries;
}

std::vector<report::DialectEntry> entries_elsewhere(
    const std::vector<report::DialectEntry>& forms) {
  std::vector<report::DialectEntry> elsewhere;
  for (const dialects::Library* library : dialects::all_libraries()) {
    if (library == forms.front().library) continue;
    for (report::DialectEntry& other : entries_of(*library)) {
      const bool same = std::ranges::any_of(
          forms, [&other](const auto& form) { return form.term.loss == other.term.loss; });
      if (same) elsewhere.push_back(std::move(other));
    }
  }
  return elsewhere;
}

}  // namespace losscalc::commands
