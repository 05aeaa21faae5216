/// The formats that results are printed in. A new one is an enumerator, a row of the table in
/// result.cpp with its option, and a function in report/ for each result that can be printed so.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "commands/options/parse.h"

namespace losscalc::commands {

enum class OutputFormat : std::uint8_t { text, json, csv };

/// The format that the command line asks for; text without an option for another. Throws
/// Error(conflicting_arguments) where it asks for two.
OutputFormat output_format(const ParsedOptions& options);

/// What makes a result's text in a format.
struct Printer {
  OutputFormat format;
  std::function<std::string()> print;
};

/// Prints a result in the format that the command line asks for, of those in which it can be
/// printed, to --output or standard output. Throws Error(cannot_write).
void print_result(const ParsedOptions& options, const std::vector<Printer>& printers);

}  // namespace losscalc::commands
