/// Completion scripts for shells, made from the tables of commands, options and losses.

#include <algorithm>
#include <array>

#include "commands/command.h"
#include "commands/output/write.h"
#include "text/names.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

std::vector<std::string> option_names(std::string_view command) {
  std::vector<std::string> names;
  for (const Option& option : options_of(command)) names.push_back(long_spelling(option));
  return names;
}

/// What a command takes beside options, where it isn't a file.
std::vector<std::string> operand_names(const Command& command) {
  return command.operand_names == nullptr ? std::vector<std::string>() : command.operand_names();
}

/// Whether the value is a loss, or a sum of them: what completes is the name behind the last '+'.
bool is_specification(const Option& option) { return option.value_name == "SPEC"; }

/// `--loss|-l) values='...' ;;` for every option of the command with known values.
std::string bash_values(std::string_view command) {
  std::string text;
  for (const Option& option : options_of(command)) {
    if (option.choices.empty()) continue;
    std::string pattern = "--" + option.name;
    if (option.short_name != '\0') pattern += std::string("|-") + option.short_name;
    text += "        " + pattern + ") values='" + text::joined(option.choices, " ") + "'" +
            (is_specification(option) ? " sum=1" : "") + " ;;\n";
  }
  return text;
}

std::string bash_commands() {
  std::string text;
  for (const Command& command : all_commands()) {
    const std::string name(command.name);
    text += "    " + name + ")\n      options='" + text::joined(option_names(name), " ") +
            "' operands='" + text::joined(operand_names(command), " ") +
            "'\n      case $previous in\n" + bash_values(name) + "      esac ;;\n";
  }
  return text;
}

/// Readline splits --from=lo at the sign, so that the option stands two words before. A word comes
/// with its opening quote and its backslashes, both of which readline sets itself.
std::string bash_script() {
  return R"(_losscalc() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local values= sum= before= options= operands=
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
  case ${COMP_WORDS[1]} in
)" + bash_commands() +
         R"(  esac
  if [ -n "$values" ]; then
    word=${word#[\"\']}
    if [ -n "$sum" ]; then
      before=${word%"${word##*[+* ]}"}
      word=${word#"$before"}
      before=${before//\\/}
    fi
    COMPREPLY=($(compgen -W "$values" -- "$word"))
    COMPREPLY=("${COMPREPLY[@]/#/$before}")
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

/// With a backslash before each of the characters.
std::string escaped(std::string_view text, std::string_view characters) {
  std::string result;
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

/// In single quotes, which hold all but themselves.
std::string zsh_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// What _arguments does for an option's value: its name, and what completes it.
std::string zsh_value(const Option& option) {
  if (option.value_name.empty()) return "";
  if (option.arity == Arity::rest) return ":*:::" + option.value_name + ":_normal";
  std::string start = ":" + escaped(option.value_name, ":\\") + ":";
  if (is_specification(option)) return start + "_losscalc_sum " + text::joined(option.choices, " ");
  if (!option.choices.empty()) return start + "(" + text::joined(option.choices, " ") + ")";
  if (option.value_name.find("FILE") != std::string::npos) return start + "_losscalc_file";
  return start;
}

/// An option as _arguments takes it: '(-l --loss)--loss=[help]:SPEC:action'.
std::string zsh_option(const Option& option) {
  const std::string name = long_spelling(option);
  const bool takes_value = !option.value_name.empty();
  const bool joins = takes_value && option.arity != Arity::rest;
  const std::string rest = "[" + escaped(long_help(option), "[]:\\") + "]" + zsh_value(option);
  std::string before = option.arity == Arity::repeated ? "*" : "(" + name + ")";
  if (option.short_name == '\0')
    return " \\\n        " + zsh_quoted(before + name + (joins ? "=" : "") + rest);
  const std::string letter = std::string("-") + option.short_name;
  if (option.arity != Arity::repeated) before = "(" + letter + " " + name + ")";
  return " \\\n        " + zsh_quoted(before + letter + (joins ? "+" : "") + rest) +
         " \\\n        " + zsh_quoted(before + name + (joins ? "=" : "") + rest);
}

std::string zsh_command(const Command& command) {
  const std::string name(command.name);
  std::string text = "    " + name + ")\n      _arguments";
  for (const Option& option : options_of(name)) text += zsh_option(option);
  const std::vector<std::string> operands = operand_names(command);
  if (!operands.empty()) {
    text += " \\\n        " + zsh_quoted("1:" + name + ":(" + text::joined(operands, " ") + ")");
  } else if (command.operands > 0) {
    text += " \\\n        '*:FILE:_files'";
  }
  return text + " ;;\n";
}

/// As a file of fpath it is first run as the function's body; what is sourced only defines.
std::string zsh_script() {
  std::string names;
  std::string cases;
  for (const Command& command : all_commands()) {
    names += " " + zsh_quoted(std::string(command.name) + ":" + std::string(command.summary));
    cases += zsh_command(command);
  }
  return R"(#compdef losscalc

_losscalc_sum() {
  compset -P '*[+* ]'
  compadd "$@"
}

_losscalc_file() {
  _files "$@" || { compset -P '*=' && _files "$@" }
}

_losscalc() {
  local curcontext=$curcontext
  local -a commands=()" +
         names + R"( )
  if (( CURRENT == 2 )); then
    _describe command commands
    [[ $PREFIX == -* ]] && compadd -- --help --version
    return
  fi
  shift words
  (( CURRENT-- ))
  curcontext=${curcontext%:*}-$words[1]:
  case $words[1] in
)" + cases +
         R"(  esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _losscalc "$@"
else
  compdef _losscalc losscalc
fi
)";
}

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
  if (!option.choices.empty()) {
    const std::string names = text::joined(option.choices, " ");
    text +=
        " -f -a '" + (is_specification(option) ? "(__losscalc_sum " + names + ")" : names) + "'";
  }
  return text + " -d '" + fish_escaped(long_help(option)) + "'\n";
}

std::string fish_script() {
  std::string text = R"(function __losscalc_sum
  set -l word (string replace -r '^(-l|--loss=)' '' -- (commandline -ct))
  set -l before (string replace -r '[^+* ]*$' '' -- $word | string replace -ar '["\'\\\\]' '')
  printf '%s\n' "$before"$argv
end
)";
  for (const Command& command : all_commands()) {
    const std::string name(command.name);
    text += "complete -c losscalc -n __fish_use_subcommand -f -a " + name + " -d '" +
            fish_escaped(std::string(command.summary)) + "'\n";
    const std::vector<std::string> operands = operand_names(command);
    if (!operands.empty()) {
      text += "complete -c losscalc -n '__fish_seen_subcommand_from " + name + "' -f -a '" +
              text::joined(operands, " ") + "'\n";
    }
    for (const Option& option : options_of(name)) text += fish_option(name, option);
  }
  return text;
}

struct Shell {
  std::string_view name;
  std::string (*script)();
};

constexpr std::array shells{Shell{"bash", bash_script}, Shell{"zsh", zsh_script},
                            Shell{"fish", fish_script}};

std::vector<std::string> shell_names() { return text::names_of(shells); }

Status run_completion(const ParsedOptions& options) {
  const std::string wanted = options.positionals().empty() ? "" : options.positionals().front();
  const auto shell = std::ranges::find(shells, wanted, &Shell::name);
  if (shell == shells.end()) {
    throw Error(ErrorCode::bad_value,
                "completion takes the name of a shell: " + text::alternatives(shell_names()));
  }
  write_result(shell->script(), std::nullopt);
  return Status::done;
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .arguments = "bash|zsh|fish",
          .summary = "print a shell completion script",
          .examples = {"source <(losscalc completion bash)", "source <(losscalc completion zsh)",
                       "losscalc completion fish | source"},
          .operands = 1,
          .operand_names = shell_names,
          .run = run_completion};
}

}  // namespace losscalc::commands
