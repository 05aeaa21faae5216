/// What the commands that print a value share.
#pragma once

#include <cstddef>
#include <vector>

#include "commands/options/parse.h"
#include "diagnostics/error.h"
#include "evaluation/request.h"
#include "report/compute.h"

namespace losscalc::commands {

/// --threads, or all cores.
std::size_t thread_count(const ParsedOptions& options);

/// The shard of the command line; all samples without one.
evaluation::Shard shard_of(const ParsedOptions& options);

/// --digits, --color, --top and the tables asked for. Throws Error: bad_value, missing_argument,
/// conflicting_arguments.
report::ComputeFormat result_format(const ParsedOptions& options);

/// Throws Error(conflicting_arguments) for two tables in one CSV.
void check_tables(const report::ComputeFormat& format, const ParsedOptions& options);

/// What was read of the inputs and what was left out, on standard error; nothing under --quiet.
void show_notes(const std::vector<report::InputNote>& inputs, const ParsedOptions& options);

/// Writes warnings to standard error, unless --quiet.
void print_warnings(const std::vector<Warning>& warnings, const ParsedOptions& options);

/// The same. Throws Error(strict_warning) under --strict.
void show_warnings(const std::vector<Warning>& warnings, const ParsedOptions& options);

/// Prints a computation in the format that was asked for. Throws as print_result().
void print_computation(const report::Computation& computation, const report::ComputeFormat& format,
                       const ParsedOptions& options);

}  // namespace losscalc::commands
