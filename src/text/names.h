/// Values of an enumeration with their names, in one table: parsing, printing and help all look
/// there.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losscalc::text {

template <class Value>
struct Named {
  Value value;
  std::string_view name;
  std::string_view meaning = {};  ///< for people, where the name alone does not tell
};

/// The name of a value that stands in the table.
template <class Table, class Value>
constexpr std::string_view name_of(const Table& table, Value value) {
  return std::ranges::find(table, value, &Named<Value>::value)->name;
}

/// The value of this name, if there is one.
template <class Table>
constexpr auto value_named(const Table& table, std::string_view name) {
  using Row = std::ranges::range_value_t<Table>;
  const auto found = std::ranges::find(table, name, &Row::name);
  return found == std::ranges::end(table) ? std::nullopt : std::optional(found->value);
}

/// All names, in the order of the table.
template <class Table>
std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  names.reserve(std::ranges::size(table));
  for (const auto& row : table) names.emplace_back(row.name);
  return names;
}

/// All names, those that need it with their meaning in parentheses.
template <class Table>
std::vector<std::string> explained_names(const Table& table) {
  std::vector<std::string> names;
  names.reserve(std::ranges::size(table));
  for (const auto& row : table) {
    const std::string meaning(row.meaning);
    names.push_back(std::string(row.name) + (meaning.empty() ? "" : " (" + meaning + ")"));
  }
  return names;
}

}  // namespace losscalc::text
