#include "dialects/dialect.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "text/number.h"

namespace losscalc::dialects {

namespace {

/// A name without its version, and the version: torch@2.1.nn.MSELoss -> torch.nn.MSELoss, 2.1.
std::pair<std::string, std::string> split_version(std::string_view name) {
  const std::size_t at = name.find('@');
  if (at == std::string_view::npos) return {std::string(name), {}};
  std::size_t end = at + 1;
  const auto is_digit = [&](std::size_t i) {
    return i < name.size() && std::isdigit(static_cast<unsigned char>(name[i])) != 0;
  };
  while (is_digit(end) || (end < name.size() && name[end] == '.' && is_digit(end + 1))) ++end;
  return {std::string(name.substr(0, at)) + std::string(name.substr(end)),
          std::string(name.substr(at + 1, end - at - 1))};
}

/// 1.10 is newer than 1.9.
std::vector<std::int64_t> numbers_of(std::string_view version) {
  std::vector<std::int64_t> numbers;
  while (!version.empty()) {
    const std::size_t end = std::min(version.find('.'), version.size());
    numbers.push_back(text::parse_integer(version.substr(0, end)).value_or(0));
    version.remove_prefix(std::min(end + 1, version.size()));
  }
  return numbers;
}

std::vector<std::string> names_in_full(const Library& library, const std::string& name) {
  std::vector<std::string> names{name};
  for (const Prefix& prefix : library.prefixes) {
    for (const std::string_view form : prefix.short_forms) {
      if (name.starts_with(form))
        names.push_back(std::string(prefix.in_full) + name.substr(form.size()));
    }
  }
  return names;
}

/// The newest entries of one of these names that are no newer than `version`: several where they
/// differ in the axes of the predictions.
std::vector<const Entry*> newest(const Library& library, const std::vector<std::string>& names,
                                 const std::string& version) {
  std::vector<const Entry*> found;
  for (const Entry& entry : library.entries) {
    const bool has_name = std::ranges::any_of(names, [&](const std::string& name) {
      return std::ranges::find(entry.names, name) != entry.names.end();
    });
    const bool exists = version.empty() || numbers_of(entry.since) <= numbers_of(version);
    if (!has_name || !exists) continue;
    if (!found.empty() && numbers_of(entry.since) < numbers_of(found.front()->since)) continue;
    if (!found.empty() && entry.since != found.front()->since) found.clear();
    found.push_back(&entry);
  }
  return found;
}

}  // namespace

const Library* find_library(std::string_view name) {
  const auto found = std::ranges::find(all_libraries(), name, &Library::name);
  return found == all_libraries().end() ? nullptr : *found;
}

bool is_dialect(std::string_view name) { return name.find('.') != std::string_view::npos; }

const Library* too_old(std::string_view written) {
  const auto [name, version] = split_version(written);
  if (version.empty()) return nullptr;
  const Library* library = find_library(name.substr(0, name.find('.')));
  const bool is_older = library != nullptr && numbers_of(version) < numbers_of(library->oldest);
  return is_older ? library : nullptr;
}

std::optional<Found> find(std::string_view written) {
  if (too_old(written) != nullptr) return {};
  const auto [name, version] = split_version(written);
  for (const Library* library : all_libraries()) {
    const std::vector<const Entry*> entries =
        newest(*library, names_in_full(*library, name), version);
    if (!entries.empty())
      return Found{library, entries.front(), {entries.begin() + 1, entries.end()}};
  }
  return {};
}

std::string exact_name(const Library& library, const Entry& entry) {
  const std::string_view oldest = library.oldest.empty() ? "0" : library.oldest;
  const std::string version(entry.since.empty() ? oldest : entry.since);
  return std::string(library.name) + "@" + version +
         std::string(entry.names.front().substr(library.name.size()));
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const Library* library : all_libraries()) {
    for (const Entry& entry : library->entries)
      names.insert(names.end(), entry.names.begin(), entry.names.end());
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace losscalc::dialects
