/// The commands of the program.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "commands/options/option.h"
#include "commands/options/parse.h"
#include "diagnostics/error.h"

namespace losscalc::commands {

struct Command {
  std::string_view name;
  std::string_view arguments;  ///< as shown in the usage line
  std::string_view summary;
  std::vector<std::string_view> examples;
  std::vector<OptionRow> options = {};  ///< its own, in the order of its help
  bool takes_loss_options = false;      ///< whether it has those of loss_options() too
  std::size_t operands = 0;             ///< at most; any number for `any`
  /// What completion offers as operands; none where they are files.
  std::vector<std::string> (*operand_names)() = nullptr;
  Status (*run)(const ParsedOptions& options);
};

inline constexpr std::size_t any = std::numeric_limits<std::size_t>::max();

const std::vector<Command>& all_commands();
std::vector<std::string> command_names();

/// A command's options, its own first, then those that every command has. There must be a command
/// of this name.
std::vector<Option> options_of(std::string_view command);

/// Runs the command line without the program's name. Throws Error.
Status run(const std::vector<std::string>& arguments);

// The rows of commands, each in its command's own file; others stand in a header of their own.
Command list_command();
Command describe_command();
Command completion_command();
Command help_command();

/// Help of the whole program, or of one command.
std::string program_help();
std::string command_help(const Command& command);
std::string version_text();

}  // namespace losscalc::commands
