/// Completion scripts for shells, made from the tables of commands, options and losses.

#include <functional>

#include "commands/command.h"
#include "commands/output.h"
#include "definition/loss.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : all_commands()) names.emplace_back(command.name);
  return names;
}

std::vector<std::string> loss_names() {
  std::vector<std::string> names;
  for (const Loss* loss : all_losses()) names.emplace_back(loss->description.name);
  return names;
}

std::vector<std::string> option_names(std::string_view command) {
  std::vector<std::string> names;
  for (const Option& option : options_of(command)) names.push_back(long_spelling(option));
  return names;
}

std::string bash_script() {
  std::string text =
      "_losscalc() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W '" +
      text::joined(command_names(), " ") +
      "' -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  if [ \"$previous\" = -l ] || [ \"$previous\" = --loss ] || [ \"${COMP_WORDS[1]}\" = "
      "describe ]; then\n"
      "    COMPREPLY=($(compgen -W '" +
      text::joined(loss_names(), " ") +
      "' -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case ${COMP_WORDS[1]} in\n";
  for (const Command& command : all_commands()) {
    text += "    " + std::string(command.name) + ") options='" +
            text::joined(option_names(command.name), " ") + "' ;;\n";
  }
  return text +
         "    *) options= ;;\n"
         "  esac\n"
         "  case $word in\n"
         "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
         "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _losscalc losscalc\n";
}

std::string zsh_script() { return "autoload -U +X bashcompinit && bashcompinit\n" + bash_script(); }

std::string fish_escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

std::string fish_script() {
  std::string text;
  for (const Command& command : all_commands()) {
    const std::string name(command.name);
    text += "complete -c losscalc -n __fish_use_subcommand -f -a " + name + " -d '" +
            fish_escaped(std::string(command.summary)) + "'\n";
    for (const Option& option : options_of(command.name)) {
      text +=
          "complete -c losscalc -n '__fish_seen_subcommand_from " + name + "' -l " + option.name;
      if (option.short_name != '\0') text += std::string(" -s ") + option.short_name;
      if (!option.value_name.empty()) text += " -r";
      if (option.name == "loss") text += " -f -a '" + text::joined(loss_names(), " ") + "'";
      text += " -d '" + fish_escaped(option.sentence) + "'\n";
    }
  }
  return text + "complete -c losscalc -n '__fish_seen_subcommand_from describe' -f -a '" +
         text::joined(loss_names(), " ") + "'\n";
}

}  // namespace

Status run_completion(const ParsedOptions& options) {
  const std::string shell = options.positionals().empty() ? "" : options.positionals().front();
  std::string script;
  if (shell == "bash") script = bash_script();
  if (shell == "zsh") script = zsh_script();
  if (shell == "fish") script = fish_script();
  if (script.empty())
    throw Error(ErrorCode::bad_value, "completion takes the name of a shell: bash, zsh or fish");
  write_result(script, std::nullopt);
  return Status::done;
}

}  // namespace losscalc::commands
