/// The options of every command as data: parsing, help, completions and the manual's tests all come
/// from this table.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "definition/parameter.h"
#include "report/terminal.h"

namespace losscalc::commands {

enum class Arity : std::uint8_t {
  flag,
  negatable,  ///< a flag with a --no- form
  value,      ///< the last one given counts
  repeated,   ///< each one given counts
};

struct Option {
  std::string name;        ///< without the dashes
  char short_name = '\0';  ///< or none
  std::string value_name;  ///< empty for flags
  std::string category;
  std::string sentence;
  Arity arity = Arity::value;
  bool on = false;  ///< of a negatable flag: what holds if it isn't given
};

/// A command's options, its own first, then those that every command has.
std::vector<Option> options_of(std::string_view command);

/// `--check` or, for what is on unless it is turned off, `--no-check`.
std::string long_spelling(const Option& option);

/// Parameters of losses, conventions and weight arrays: options made from the registry.
const std::vector<Option>& loss_options();

/// What stood on a command line.
class ParsedOptions {
 public:
  bool has(std::string_view name) const { return values_.contains(name); }
  std::optional<std::string> value(std::string_view name) const;
  const std::vector<std::string>& values(std::string_view name) const;
  const std::vector<std::string>& positionals() const { return positionals_; }

  /// A positive integer. Throws Error(bad_value).
  std::optional<std::size_t> count(std::string_view name) const;

  /// The loss options that were given, under their names with '_'.
  Arguments loss_arguments() const;

 private:
  friend ParsedOptions parse_options(std::string_view command,
                                     const std::vector<std::string>& arguments);

  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> positionals_;
};

/// What --color says in these words; automatic where it says nothing, or nothing known.
report::ColorWhen color_of(const std::vector<std::string>& arguments);

/// Reads the arguments after the command's name. Throws Error: unknown_option with the nearest
/// names, missing_argument for an option without its value, bad_value.
ParsedOptions parse_options(std::string_view command, const std::vector<std::string>& arguments);

}  // namespace losscalc::commands
