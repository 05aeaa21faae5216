/// Options made from the registry: what losses take.

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "commands/options/option.h"
#include "definition/loss.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

std::string with_hyphens(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', '-');
  return text;
}

std::string value_name(const ParameterInfo& info) {
  switch (info.type) {
    case ParameterType::number: return "X";
    case ParameterType::integer: return "N";
    case ParameterType::boolean: return "";
    case ParameterType::numbers: return "LIST";
    case ParameterType::choice: break;
  }
  return text::joined(choice_names(info), "|");
}

Option option_of(const ParameterInfo& info, std::string category) {
  const bool is_flag = info.type == ParameterType::boolean;
  return {with_hyphens(info.name),
          '\0',
          value_name(info),
          std::move(category),
          std::string(info.help),
          is_flag ? Arity::negatable : Arity::value,
          info.default_value == ParameterValue(true),
          choice_names(info)};
}

std::vector<Option> make_loss_options() {
  std::vector<Option> options;
  std::set<std::string> seen;
  const auto add = [&](Option option) {
    if (seen.insert(option.name).second) options.push_back(std::move(option));
  };
  for (const Convention& row : all_conventions()) add(option_of(row.parameter.info, "Conventions"));
  for (const Loss* loss : all_losses()) {
    for (const Role& role : loss->roles) {
      if (!role.optional) continue;
      add({with_hyphens(role.name), '\0', "LIST|FILE", "Weights", described(role), Arity::value});
    }
  }
  for (const Loss* loss : all_losses()) {
    for (const ParameterInfo& info : loss->parameters) add(option_of(info, "Parameters of losses"));
  }
  return options;
}

}  // namespace

const std::vector<Option>& loss_options() {
  static const std::vector<Option> options = make_loss_options();
  return options;
}

}  // namespace losscalc::commands
