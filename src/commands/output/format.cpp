#include "commands/output/format.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "commands/options/rows.h"
#include "commands/output/result.h"
#include "diagnostics/error.h"
#include "process/processors.h"
#include "report/diagnostics.h"
#include "sharding/shard.h"

namespace losscalc::commands {
namespace {

std::optional<int> digits(const ParsedOptions& options) {
  constexpr std::size_t most = 17;
  const auto given = options.count(option::digits);
  if (given && *given > most) {
    throw Error(ErrorCode::bad_value,
                "--digits must be an integer from 1 to 17, found " + std::to_string(*given));
  }
  return given ? std::optional(static_cast<int>(*given)) : std::nullopt;
}

}  // namespace

std::size_t thread_count(const ParsedOptions& options) {
  return options.count(option::threads).value_or(process::processor_count());
}

evaluation::Shard shard_of(const ParsedOptions& options) {
  const auto given = options.value(option::shard);
  if (!given) return {};
  return sharding::parse_shard(*given, [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
}

void check_tables(const report::ComputeFormat& format, const ParsedOptions& options) {
  if (output_format(options) != OutputFormat::csv || !format.per_sample || !format.per_class)
    return;
  throw Error(ErrorCode::conflicting_arguments,
              "--csv prints one table: --per-sample or --per-class");
}

report::ComputeFormat result_format(const ParsedOptions& options) {
  const bool to_file = options.value(option::output).value_or("-") != "-";
  const int descriptor = to_file ? -1 : STDOUT_FILENO;
  const bool chooses_tables = options.offers(option::per_sample);
  const report::ComputeFormat format{
      .digits = digits(options),
      .color = report::uses_color(options.color(), descriptor),
      .per_sample = chooses_tables && options.has(option::per_sample),
      .per_class = chooses_tables && options.has(option::per_class),
      .top = options.count(option::top)};
  if (format.top && !format.per_sample && chooses_tables)
    throw Error(ErrorCode::missing_argument, "--top needs --per-sample");
  check_tables(format, options);
  return format;
}

void show_warnings(const std::vector<Warning>& warnings, const ParsedOptions& options) {
  if (options.has(option::strict) && !warnings.empty()) {
    throw Error(ErrorCode::strict_warning, warnings.front().message, {},
                "--strict makes this warning an error");
  }
  print_warnings(warnings, options);
}

void print_warnings(const std::vector<Warning>& warnings, const ParsedOptions& options) {
  if (options.has(option::quiet)) return;
  const bool color = report::uses_color(options.color(), STDERR_FILENO);
  for (const Warning& warning : warnings)
    std::fputs(report::warning_text(warning, color).c_str(), stderr);
}

void show_notes(const std::vector<report::InputNote>& inputs, const ParsedOptions& options) {
  if (options.has(option::quiet)) return;
  for (const report::InputNote& note : inputs) {
    for (const std::string& sentence : report::sentences(note))
      std::fputs(("losscalc: note: " + sentence + "\n").c_str(), stderr);
  }
}

void print_computation(const report::Computation& computation, const report::ComputeFormat& format,
                       const ParsedOptions& options) {
  print_result(options,
               {{OutputFormat::text, [&] { return report::compute_text(computation, format); }},
                {OutputFormat::json, [&] { return report::compute_json(computation, format); }},
                {OutputFormat::csv, [&] { return report::compute_csv(computation, format); }}});
}

}  // namespace losscalc::commands
