/// The options of gradcheck, read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "commands/options/parse.h"
#include "differentiation/check.h"
#include "generation/random_inputs.h"

namespace losscalc::commands {

// Each throws Error(bad_value), saying what was expected.

/// --method, --step, --entries, --seed, --threads. Throws Error(conflicting_arguments) for a step
/// that no scheme takes.
differentiation::CheckRequest request_of(const ParsedOptions& options);

std::uint64_t seed_of(const ParsedOptions& options);
generation::Regime regime_of(const ParsedOptions& options);

double positive_number(const ParsedOptions& options, const char* option, double otherwise);

/// The words of an option that takes lists and may be repeated.
std::vector<std::string> listed(const ParsedOptions& options, const char* option);

std::string method_name(differentiation::Method method);
std::string regime_name(generation::Regime regime);

/// Whether text on standard output is to be coloured.
bool wants_color(const ParsedOptions& options);

}  // namespace losscalc::commands
