/// The commands of the program.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "commands/options/parse.h"
#include "diagnostics/error.h"

namespace losscalc::commands {

struct Command {
  std::string_view name;
  std::string_view arguments;  ///< as shown in the usage line
  std::string_view summary;
  std::vector<std::string_view> examples;
  std::size_t operands;  ///< at most; any number for `any`
  Status (*run)(const ParsedOptions& options);
};

inline constexpr std::size_t any = std::numeric_limits<std::size_t>::max();

const std::vector<Command>& all_commands();

/// Runs the command line without the program's name. Throws Error.
Status run(const std::vector<std::string>& arguments);

Status run_list(const ParsedOptions& options);
Status run_describe(const ParsedOptions& options);
Status run_completion(const ParsedOptions& options);
Status run_help(const ParsedOptions& options);

/// Help of the whole program, or of one command.
std::string program_help();
std::string command_help(const Command& command);
std::string version_text();

}  // namespace losscalc::commands
