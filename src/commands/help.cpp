/// Help and version, made from the tables of commands and options.

#include <algorithm>

#include "commands/command.h"
#include "definition/loss.h"
#include "report/wrap.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

constexpr std::size_t columns = 80;

std::string spelling(const Option& option) {
  std::string text =
      option.short_name == '\0' ? "    " : std::string("-") + option.short_name + ", ";
  text += long_spelling(option);
  if (option.category == "Conventions" && option.arity == Arity::flag)
    text += ", --no-" + option.name;
  if (!option.value_name.empty()) text += " " + option.value_name;
  return text;
}

std::vector<std::string> categories(const std::vector<Option>& options) {
  std::vector<std::string> names;
  for (const Option& option : options) {
    if (std::ranges::find(names, option.category) == names.end()) names.push_back(option.category);
  }
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name != "General"; });
  return names;
}

std::string option_rows(const std::vector<Option>& options, const std::string& category) {
  constexpr std::size_t max_width = 27;
  std::size_t width = 0;
  for (const Option& option : options) {
    if (option.category == category)
      width = std::max(width, std::min(spelling(option).size(), max_width));
  }
  std::string text;
  for (const Option& option : options) {
    if (option.category != category) continue;
    std::string row = "  " + spelling(option);
    const std::size_t indent = width + 4;
    if (row.size() + 2 > indent) {
      text += row + "\n";
      row.assign(indent, ' ');
    } else {
      row.resize(indent, ' ');
    }
    const std::string help = report::wrapped(long_help(option), indent, indent);
    text += row + help.substr(indent);
  }
  return text;
}

/// Parameters by name alone; what they mean depends on the loss.
std::string parameter_names(const std::vector<Option>& options, const std::string& category) {
  std::vector<std::string> names;
  for (const Option& option : options) {
    if (option.category == category) names.push_back(long_spelling(option));
  }
  return report::wrapped(text::joined(names, "  "), 2, 2);
}

std::string examples(const std::vector<std::string_view>& lines) {
  std::string text = "Examples:\n";
  for (const std::string_view line : lines) {
    std::string row = "  " + std::string(line);
    if (row.size() > columns) {
      const std::size_t split = row.rfind(' ', columns - 2);
      row = row.substr(0, split) + " \\\n      " + row.substr(split + 1);
    }
    text += row + "\n";
  }
  return text;
}

/// Every output counts units, so help says what they are.
std::string unit_note() {
  return "A unit is what has one loss value before the reduction: an element, a sample or\n"
         "pixel, a class map, a box, a pair or triple of vectors, or a sequence, as the loss\n"
         "defines it; 'losscalc describe LOSS' shows the shapes of its inputs.\n";
}

std::string exit_statuses() {
  return "Exit status: 0 success; 1 a check failed, or nothing matched; 2 usage error;\n"
         "3 bad input data; 4 system error.\n";
}

}  // namespace

std::string program_help() {
  std::string text =
      "losscalc - compute losses from files of predictions and targets, and check gradients\n\n";
  text += examples({"losscalc compute -l cross-entropy -p probs.csv -t labels.csv",
                    "losscalc compute -l mse -p pred.npy -t target.npy --json | jq .value",
                    "losscalc describe focal"});
  text += "\nUsage: losscalc COMMAND [OPTIONS]\n\nCommands:\n";
  for (const Command& command : all_commands()) {
    std::string row = "  " + std::string(command.name);
    row.resize(14, ' ');
    text += row + std::string(command.summary) + "\n";
  }
  text += "\n  -h, --help     show this help; after a command, the help of that command\n";
  text += "  -V, --version  show the version and how the program was built\n\n";
  return text + unit_note() + "\n" + exit_statuses();
}

std::string command_help(const Command& command) {
  std::string text =
      "losscalc " + std::string(command.name) + " - " + std::string(command.summary) + "\n\n";
  text += examples(command.examples);
  text += "\nUsage: losscalc " + std::string(command.name) + " " + std::string(command.arguments) +
          "\n";
  const std::vector<Option> options = options_of(command.name);
  for (const std::string& category : categories(options)) {
    const bool by_loss = category == "Parameters of losses";
    text += "\n" + category + (by_loss ? " (see 'losscalc describe LOSS'):\n" : ":\n");
    text += by_loss ? parameter_names(options, category) : option_rows(options, category);
  }
  if (command.name == "compute") text += "\n" + unit_note() + "\n" + exit_statuses();
  return text;
}

std::string version_text() {
  std::string text = "losscalc " LOSSCALC_VERSION "\n";
#if defined(__AVX512F__)
  text += "instructions: AVX-512\n";
#elif defined(__AVX2__)
  text += "instructions: AVX2\n";
#else
  text += "instructions: baseline\n";
#endif
#if defined(__clang__)
  text += "compiler: clang " + std::to_string(__clang_major__) + "\n";
#else
  text += "compiler: gcc " + std::to_string(__GNUC__) + "\n";
#endif
  return text + "losses: " + std::to_string(all_losses().size()) + "\n";
}

}  // namespace losscalc::commands
