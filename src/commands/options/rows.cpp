#include "commands/options/rows.h"

#include <algorithm>

#include "definition/loss.h"
#include "io/format.h"
#include "report/terminal.h"

namespace losscalc::commands {

std::vector<std::string> task_names() {
  std::vector<std::string> names = text::names_of(tasks());
  for (std::string& name : names) std::ranges::replace(name, ' ', '-');
  return names;
}

std::vector<OptionValue> option::loss_names() {
  std::vector<OptionValue> names;
  for (const Loss* loss : all_losses()) names.push_back({std::string(loss->description.name)});
  return names;
}

std::vector<OptionValue> option::input_formats() {
  std::vector<OptionValue> names;
  for (const std::string& name : io::format_names()) names.push_back({name});
  return names;
}

std::vector<OptionValue> option::color_modes() { return values_of<report::color_names>(); }

std::vector<OptionValue> option::unmatched_modes() {
  return {{"error", "the default"}, {"drop", "they are left out, and counted in the output"}};
}

std::vector<OptionValue> option::header_answers() { return {{"yes"}, {"no"}}; }

std::vector<OptionRow> with_inputs(const std::vector<OptionRow>& own) {
  std::vector<OptionRow> rows{option::loss,    option::pred,        option::target,
                              option::input,   option::classes,     option::label_base,
                              option::id,      option::unmatched,   option::header,
                              option::decimal, option::input_format};
  rows.insert(rows.end(), own.begin(), own.end());
  return rows;
}

const std::vector<OptionRow>& common_options() {
  static const std::vector<OptionRow> rows{option::help, option::version, option::color};
  return rows;
}

}  // namespace losscalc::commands
