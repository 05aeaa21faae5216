#include "commands/options/option.h"

#include "text/names.h"
#include "text/nearest.h"

namespace losscalc::commands {

namespace {

bool is_negated(const Option& option) { return option.arity == Arity::negatable && option.on; }

}  // namespace

std::string long_spelling(const Option& option) {
  return (is_negated(option) ? "--no-" : "--") + option.name;
}

std::string long_help(const Option& option) {
  return (is_negated(option) ? "do not " : "") + option.help;
}

Option option_of(const OptionRow& row) {
  const std::vector<OptionValue> values =
      row.values == nullptr ? std::vector<OptionValue>() : row.values();
  std::string help(row.help);
  if (row.lists_values)
    help += (help.empty() ? "" : ": ") + text::alternatives(text::explained_names(values));
  return {.name = std::string(row.name),
          .short_name = row.short_name,
          .value_name = std::string(row.value_name),
          .category = std::string(row.category),
          .help = std::move(help),
          .arity = row.arity,
          .choices = text::names_of(values)};
}

}  // namespace losscalc::commands
