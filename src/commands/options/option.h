/// Options as data: parsing, help, completions and the manual all come from these rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace losscalc::commands {

enum class Arity : std::uint8_t {
  flag,
  negatable,  ///< a flag with a --no- form
  value,      ///< the last one given counts
  repeated,   ///< each one given counts
  rest,       ///< all that follows on the command line belongs to it
};

struct Option {
  std::string name;        ///< without the dashes
  char short_name = '\0';  ///< or none
  std::string value_name;  ///< empty for flags
  std::string category;
  std::string help;
  Arity arity = Arity::value;
  bool on = false;                        ///< of a negatable flag: what holds if it isn't given
  std::vector<std::string> choices = {};  ///< the values that completion offers, if they are few
};

/// `--check` or, for what is on unless it is turned off, `--no-check`.
std::string long_spelling(const Option& option);

/// The help of that spelling: `do not ...` for a --no- form. Helps of negatable flags are
/// imperatives.
std::string long_help(const Option& option);

/// A value that an option can have.
struct OptionValue {
  std::string name;
  std::string meaning = {};  ///< for people, where the name alone does not tell
};

/// The values of a table of names.
template <auto table>
std::vector<OptionValue> values_of() {
  std::vector<OptionValue> values;
  for (const auto& row : table())
    values.push_back({std::string(row.name), std::string(row.meaning)});
  return values;
}

/// An option of a command. What a command asks of ParsedOptions is such a row by its name in the
/// code, so that one that is misspelt does not compile.
struct OptionRow {
  std::string_view name;             ///< without the dashes
  char short_name = '\0';            ///< or none
  std::string_view value_name = {};  ///< empty for flags
  std::string_view category = {};
  std::string_view help = {};
  Arity arity = Arity::value;
  std::vector<OptionValue> (*values)() = nullptr;  ///< those that completion offers
  bool lists_values = false;                       ///< whether help ends with them

  /// The same option as another command has it.
  constexpr OptionRow with_help(std::string_view other) const {
    OptionRow row = *this;
    row.help = other;
    return row;
  }
  constexpr OptionRow under(std::string_view other) const {
    OptionRow row = *this;
    row.category = other;
    return row;
  }
};

Option option_of(const OptionRow& row);

/// Parameters of losses, conventions and weight arrays: options made from the registry.
const std::vector<Option>& loss_options();

}  // namespace losscalc::commands
