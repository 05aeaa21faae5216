/// Completion scripts for shells, made from the tables of commands, options and losses.

#include "commands/command.h"
#include "commands/output/write.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : all_commands()) names.emplace_back(command.name);
  return names;
}

std::vector<std::string> option_names(std::string_view command) {
  std::vector<std::string> names;
  for (const Option& option : options_of(command)) names.push_back(long_spelling(option));
  return names;
}

/// What a command takes beside options, where it isn't a file.
std::vector<std::string> operand_names(std::string_view command) {
  if (command == "describe") return loss_names();
  if (command == "help") return command_names();
  if (command == "completion") return {"bash", "zsh", "fish"};
  return {};
}

/// `--loss|-l) values='...' ;;` for every option with known values.
std::string bash_values() {
  std::string text;
  for (const Option& option : options_of("compute")) {
    if (option.choices.empty()) continue;
    std::string pattern = "--" + option.name;
    if (option.short_name != '\0') pattern += std::string("|-") + option.short_name;
    text += "    " + pattern + ") values='" + text::joined(option.choices, " ") + "' ;;\n";
  }
  return text + "    --task) values='" + text::joined(task_names(), " ") + "' ;;\n";
}

std::string bash_commands() {
  std::string text;
  for (const Command& command : all_commands()) {
    const std::string name(command.name);
    text += "    " + name + ") options='" + text::joined(option_names(name), " ") + "' operands='" +
            text::joined(operand_names(name), " ") + "' ;;\n";
  }
  return text;
}

/// Readline splits --from=lo at the sign, so that the option stands two words before.
std::string bash_script() {
  return R"(_losscalc() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} values= options= operands=
  if [ "$word" = = ]; then
    word=
  elif [ "$previous" = = ]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ')" +
         text::joined(command_names(), " ") + R"( --help --version' -- "$word"))
    return
  fi
  case $previous in
)" + bash_values() +
         R"(  esac
  case ${COMP_WORDS[1]} in
)" + bash_commands() +
         R"(  esac
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$word"))
  elif [ "${word#-}" != "$word" ]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [ -n "$operands" ]; then
    COMPREPLY=($(compgen -W "$operands" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _losscalc losscalc
)";
}

std::string zsh_script() { return "autoload -U +X bashcompinit && bashcompinit\n" + bash_script(); }

std::string fish_escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

std::string fish_option(const std::string& command, const Option& option) {
  std::string text = "complete -c losscalc -n '__fish_seen_subcommand_from " + command + "' -l " +
                     long_spelling(option).substr(2);
  if (option.short_name != '\0') text += std::string(" -s ") + option.short_name;
  if (!option.value_name.empty()) text += " -r";
  if (!option.choices.empty()) text += " -f -a '" + text::joined(option.choices, " ") + "'";
  return text + " -d '" + fish_escaped(option.help) + "'\n";
}

std::string fish_script() {
  std::string text;
  for (const Command& command : all_commands()) {
    const std::string name(command.name);
    text += "complete -c losscalc -n __fish_use_subcommand -f -a " + name + " -d '" +
            fish_escaped(std::string(command.summary)) + "'\n";
    const std::vector<std::string> operands = operand_names(name);
    if (!operands.empty()) {
      text += "complete -c losscalc -n '__fish_seen_subcommand_from " + name + "' -f -a '" +
              text::joined(operands, " ") + "'\n";
    }
    for (const Option& option : options_of(name)) text += fish_option(name, option);
  }
  return text;
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
