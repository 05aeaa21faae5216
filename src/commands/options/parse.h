/// Command lines read by the table of options.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "commands/options/option.h"
#include "definition/parameter.h"
#include "report/terminal.h"
#include "text/names.h"

namespace losscalc::commands {

/// What stood on a command line. An option that the command does not have can't be asked for:
/// Error(internal).
class ParsedOptions {
 public:
  bool has(const OptionRow& option) const { return !values(option).empty(); }
  /// Whether the command has such an option at all.
  bool offers(const OptionRow& option) const { return offered_.contains(option.name); }
  std::optional<std::string> value(const OptionRow& option) const;
  const std::vector<std::string>& values(const OptionRow& option) const;
  const std::vector<std::string>& positionals() const { return positionals_; }

  /// A positive integer. Throws Error(bad_value).
  std::optional<std::size_t> count(const OptionRow& option) const;

  /// The value of the name that was given. Throws Error(bad_value), which lists the names.
  template <class Value>
  std::optional<Value> choice(const OptionRow& option,
                              const std::vector<text::Named<Value>>& table) const {
    const auto given = value(option);
    if (!given) return std::nullopt;
    const std::optional<Value> known = text::value_named(table, *given);
    if (!known) throw_no_choice(option.name, text::names_of(table), *given);
    return known;
  }

  /// --color. Throws Error(bad_value).
  report::ColorWhen color() const;

  /// The loss options that were given, under their names with '_'.
  Arguments loss_arguments() const;

 private:
  friend ParsedOptions parse_options(std::string_view command, const std::vector<Option>& options,
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

/// Reads the arguments after the command's name by the command's options. Throws Error:
/// unknown_option with the nearest names, missing_argument for an option without its value,
/// bad_value.
ParsedOptions parse_options(std::string_view command, const std::vector<Option>& options,
                            const std::vector<std::string>& arguments);

}  // namespace losscalc::commands
