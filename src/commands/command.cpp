#include "commands/command.h"

#include <algorithm>
#include <cstdio>

#include "commands/compute.h"
#include "commands/gradcheck.h"
#include "commands/match.h"
#include "commands/merge.h"
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
  std::vector<std::string> known;
  for (const Command& command : all_commands()) known.emplace_back(command.name);
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

}  // namespace

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands{
      {"compute",
       "-l SPEC [OPTIONS] [FILE...]",
       "compute a loss, or a weighted sum of losses, on files",
       {"losscalc compute -l cross-entropy -p probs.csv -t labels.csv",
        "losscalc compute -l 'cross-entropy + 0.5*dice' --from logits -p seg.npy -t mask.npy "
        "--json",
        "losscalc compute -l focal --gamma 1.5 -p 'd.csv#col=p*' -t d.csv#col=y --per-sample "
        "--top 5"},
       any,
       run_compute},
      {"gradcheck",
       "-l SPEC [OPTIONS] [FILE...]",
       "check a gradient, losscalc's own or yours, against numerical derivatives",
       {"losscalc gradcheck -l focal --gamma 1.5 -p probs.csv -t labels.csv",
        "losscalc gradcheck -l cross-entropy --from logits -p z.npy -t y.npy --grad dz.npy",
        "losscalc gradcheck -l triplet --random 64x16 --regime kinks", "losscalc gradcheck --all"},
       any,
       run_gradcheck},
      {"match",
       "--value X [-l SPEC] [OPTIONS] [FILE...]",
       "find the loss, conventions and libraries that give a number",
       {"losscalc match --value 0.8108 -p logits.csv -t labels.csv",
        "losscalc match --value 0.2761 -l cross-entropy -p probs.csv -t labels.csv"},
       any,
       run_match},
      {"merge",
       "[OPTIONS] FILE...",
       "combine partial results into the final one",
       {"losscalc compute -l mse -p p.npy -t t.npy --shard 1/2 --partial part-1.json",
        "mpirun -n 4 losscalc compute -l mse -p p.npy -t t.npy --shard auto --partial "
        "'part-{shard}.json'",
        "losscalc merge part-*.json"},
       any,
       run_merge},
      {"list",
       "[OPTIONS]",
       "list the losses by task",
       {"losscalc list", "losscalc list --task regression",
        "losscalc list --json | jq -r '.losses[].name'"},
       0,
       run_list},
      {"describe",
       "LOSS [OPTIONS]",
       "explain a loss: formula, gradient, inputs, parameters, use",
       {"losscalc describe focal", "losscalc describe dice --json | jq .formula"},
       1,
       run_describe},
      {"completion",
       "bash|zsh|fish",
       "print a shell completion script",
       {"source <(losscalc completion bash)", "source <(losscalc completion zsh)",
        "losscalc completion fish | source"},
       1,
       run_completion},
      {"help", "[COMMAND]", "show the help of a command", {"losscalc help compute"}, 1, run_help},
  };
  return commands;
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
  const ParsedOptions options = parse_options(command->name, rest);
  check_operands(*command, options);
  return command->run(options);
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

}  // namespace losscalc::commands
