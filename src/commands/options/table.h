/// The options of every command as data: parsing, help, completions and the manual's tests all come
/// from this table.
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

/// A command's options, its own first, then those that every command has.
std::vector<Option> options_of(std::string_view command);

/// `--check` or, for what is on unless it is turned off, `--no-check`.
std::string long_spelling(const Option& option);

/// The help of that spelling: `do not ...` for a --no- form. Helps of negatable flags are
/// imperatives.
std::string long_help(const Option& option);

/// Parameters of losses, conventions and weight arrays: options made from the registry.
const std::vector<Option>& loss_options();

/// The names of all losses, without their aliases.
std::vector<std::string> loss_names();

/// The tasks as --task takes them: `metric-learning`.
std::vector<std::string> task_names();

}  // namespace losscalc::commands
