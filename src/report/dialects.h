/// What other libraries' losses are here, for people and scripts.
#pragma once

#include <string>
#include <vector>

#include "dialects/dialect.h"
#include "spec/specification.h"

namespace losscalc::report {

/// An entry with the term that it is with the library's own defaults.
struct DialectEntry {
  const dialects::Library* library = nullptr;
  const dialects::Entry* entry = nullptr;
  spec::Term term = {};
};

/// All losses of a library, and how many names and entries they have.
std::string library_text(const dialects::Library& library,
                         const std::vector<DialectEntry>& entries);
std::string library_json(const dialects::Library& library,
                         const std::vector<DialectEntry>& entries);

/// `forms`: the entries of one name, which differ in the axes of the predictions. `elsewhere`:
/// other libraries' entries for the same losses.
std::string describe_dialect_text(const std::vector<DialectEntry>& forms,
                                  const std::vector<DialectEntry>& elsewhere);
std::string describe_dialect_json(const std::vector<DialectEntry>& forms,
                                  const std::vector<DialectEntry>& elsewhere);

}  // namespace losscalc::report
