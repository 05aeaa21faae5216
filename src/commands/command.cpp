#include "commands/command.h"

#include <algorithm>
#include <cstdio>

#include "commands/compute.h"
#include "commands/gradcheck.h"
#include "commands/inspect.h"
#include "commands/match.h"
#include "commands/merge.h"
#include "commands/options/rows.h"
#include "commands/output/write.h"
#include "definition/loss.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(all_commands(), name, &Command::name);
  return found == all_commands().end() ? nullptr : &*found;
}

[[noreturn]] void throw_unknown_command(const std::string& word) {
  const std::vector<std::string> known = command_names();
  std::string hint = text::did_you_mean(word, known);
  if (find_loss(word) != nullptr)
    hint = "to compute this loss: losscalc compute -l " + word + " ...";
  if (hint.empty()) hint = "the commands are: " + text::joined(known);
  throw Error(ErrorCode::unknown_command, "unknown command '" + word + "'", {}, hint);
}

void check_operands(const Command& command, const ParsedOptions& options) {
  const std::vector<std::string>& operands = options.positionals();
  if (operands.size() <= command.operands) return;
  throw Error(ErrorCode::conflicting_arguments,
              std::string(command.name) + " takes " +
                  (command.operands == 0 ? "no argument" : "one argument") + ", found " +
                  text::joined(operands));
}

bool is_one_of(const std::string& word, std::string_view long_name, std::string_view short_name) {
  return word == long_name || word == short_name;
}

Status run_help(const ParsedOptions& options) {
  if (options.positionals().empty()) {
    write_result(program_help(), std::nullopt);
    return Status::done;
  }
  const Command* command = find_command(options.positionals().front());
  if (command == nullptr) throw_unknown_command(options.positionals().front());
  write_result(command_help(*command), std::nullopt);
  return Status::done;
}

}  // namespace

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands{
      compute_command(),  gradcheck_command(),  match_command(),
      inspect_command(),  merge_command(),      list_command(),
      describe_command(), completion_command(), help_command()};
  return commands;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : all_commands()) names.emplace_back(command.name);
  return names;
}

std::vector<Option> options_of(std::string_view name) {
  const Command& command = *find_command(name);
  std::vector<Option> options;
  for (const OptionRow& row : command.options) options.push_back(option_of(row));
  if (command.takes_loss_options)
    options.insert(options.end(), loss_options().begin(), loss_options().end());
  for (const OptionRow& row : common_options()) options.push_back(option_of(row));
  return options;
}

Status run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    std::fputs(program_help().c_str(), stderr);
    return Status::usage;
  }
  const std::string& word = arguments.front();
  if (is_one_of(word, "--help", "-h")) {
    write_result(program_help(), std::nullopt);
    return Status::done;
  }
  if (is_one_of(word, "--version", "-V")) {
    write_result(version_text(), std::nullopt);
    return Status::done;
  }
  if (word.starts_with("-")) {
    throw Error(ErrorCode::unknown_option, "unknown option '" + word + "' before the command", {},
                "the command comes first: losscalc compute " + word + " ...");
  }
  const Command* command = find_command(word);
  if (command == nullptr) throw_unknown_command(word);
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  // Help is given whatever else the line says, since who asks for it may not know how to write the
  // rest.
  const auto asks = [&](std::string_view long_name, std::string_view short_name) {
    const auto end = std::ranges::find(rest, "--");
    return std::any_of(rest.begin(), end,
                       [&](const std::string& w) { return is_one_of(w, long_name, short_name); });
  };
  if (asks("--help", "-h")) {
    write_result(command_help(*command), std::nullopt);
    return Status::done;
  }
  if (asks("--version", "-V")) {
    write_result(version_text(), std::nullopt);
    return Status::done;
  }
  const ParsedOptions options = parse_options(command->name, options_of(command->name), rest);
  check_operands(*command, options);
  return command->run(options);
}

Command help_command() {
  return {.name = "help",
          .arguments = "[COMMAND]",
          .summary = "show the help of a command",
          .examples = {"losscalc help compute"},
          .operands = 1,
          .operand_names = command_names,
          .run = run_help};
}

}  // namespace losscalc::commands
