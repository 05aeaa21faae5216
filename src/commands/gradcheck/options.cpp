#include "commands/gradcheck/options.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "commands/output/format.h"
#include "diagnostics/error.h"
#include "report/terminal.h"
#include "text/names.h"
#include "text/number.h"

namespace losscalc::commands {

using differentiation::CheckRequest;
using differentiation::Method;
using generation::Regime;

double positive_number(const ParsedOptions& options, const OptionRow& option, double otherwise) {
  const auto given = options.value(option);
  if (!given) return otherwise;
  const auto number = text::parse_number(*given);
  if (number && *number > 0.0 && std::isfinite(*number)) return *number;
  throw Error(ErrorCode::bad_value,
              "--" + std::string(option.name) + " must be a number > 0, found '" + *given + "'");
}

std::uint64_t seed_of(const ParsedOptions& options) {
  const auto given = options.value(option::seed);
  if (!given) return 1;
  const auto number = text::parse_integer(*given);
  if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
  throw Error(ErrorCode::bad_value, "--seed must be an integer >= 0, found '" + *given + "'");
}

CheckRequest request_of(const ParsedOptions& options) {
  CheckRequest request{
      .method =
          options.choice(option::method, differentiation::methods()).value_or(Method::automatic),
      .step = positive_number(options, option::step, 0.0),
      .entries = options.count(option::entries).value_or(0),
      .seed = seed_of(options),
      .threads = thread_count(options)};
  const bool steps = request.method == Method::forward || request.method == Method::central ||
                     request.method == Method::ridders;
  if (options.has(option::step) && !steps) {
    throw Error(ErrorCode::conflicting_arguments,
                "--step belongs to --method forward, central or ridders; the others choose their "
                "own steps");
  }
  return request;
}

std::vector<std::string> listed(const ParsedOptions& options, const OptionRow& option) {
  std::vector<std::string> words;
  for (const std::string& given : options.values(option)) {
    for (std::size_t start = 0; start <= given.size();) {
      const std::size_t end = std::min(given.find(',', start), given.size());
      words.push_back(given.substr(start, end - start));
      start = end + 1;
    }
  }
  return words;
}

Regime regime_of(const ParsedOptions& options) {
  return options.choice(option::regime, generation::regimes()).value_or(Regime::ordinary);
}

std::string method_name(Method method) {
  return std::string(text::name_of(differentiation::methods(), method));
}

std::string regime_name(Regime regime) {
  return std::string(text::name_of(generation::regimes(), regime));
}

bool wants_color(const ParsedOptions& options) {
  return report::uses_color(options.color(), STDOUT_FILENO);
}

}  // namespace losscalc::commands
