/// Command lines read by the table of options.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "commands/options/table.h"
#include "definition/parameter.h"
#include "report/terminal.h"
#include "text/names.h"

namespace losscalc::commands {

/// What stood on a command line.
class ParsedOptions {
 public:
  bool has(std::string_view name) const { return values_.contains(name); }
  /// Whether the command has such an option at all.
  bool offers(std::string_view name) const { return offered_.contains(name); }
  std::optional<std::string> value(std::string_view name) const;
  const std::vector<std::string>& values(std::string_view name) const;
  const std::vector<std::string>& positionals() const { return positionals_; }

  /// A positive integer. Throws Error(bad_value).
  std::optional<std::size_t> count(std::string_view name) const;

  /// The value of the name that was given. Throws Error(bad_value), which lists the names.
  template <class Value>
  std::optional<Value> choice(std::string_view name,
                              const std::vector<text::Named<Value>>& table) const {
    const auto given = value(name);
    if (!given) return std::nullopt;
    const std::optional<Value> known = text::value_named(table, *given);
    if (!known) throw_no_choice(name, text::names_of(table), *given);
    return known;
  }

  /// --color. Throws Error(bad_value).
  report::ColorWhen color() const;

  /// The loss options that were given, under their names with '_'.
  Arguments loss_arguments() const;

 private:
  friend ParsedOptions parse_options(std::string_view command,
                                     const std::vector<std::string>& arguments);

  [[noreturn]] static void throw_no_choice(std::string_view name,
                                           const std::vector<std::string>& names,
                                           const std::string& given);

  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> positionals_;
  std::set<std::string, std::less<>> offered_;
};

/// What --color says in these words; automatic where it says nothing, or nothing known.
report::ColorWhen color_of(const std::vector<std::string>& arguments);

/// Reads the arguments after the command's name. Throws Error: unknown_option with the nearest
/// names, missing_argument for an option without its value, bad_value.
ParsedOptions parse_options(std::string_view command, const std::vector<std::string>& arguments);

}  // namespace losscalc::commands
