#include "commands/gradcheck/exclusions.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/error.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

/// An option that leaves others nothing to say.
struct Exclusion {
  std::string_view option;
  std::vector<std::string_view> others;
  std::string_view because;
  bool excludes_files = false;
  bool excludes_loss_options = false;
};

const std::vector<Exclusion>& exclusions() {
  static const std::vector<Exclusion> table{
      {"all",
       {"loss", "pred", "target", "input", "classes", "input-format", "random", "grad", "exec",
        "wrt", "sweep", "hessian"},
       "checks every loss in every form on data that it generates",
       true,
       true},
      {"random",
       {"pred", "target", "input", "classes", "input-format"},
       "generates the inputs",
       true},
      {"exec", {"grad", "sweep"}, "takes the gradient from the program"},
      {"sweep",
       {"hessian", "entries", "method", "step", "rtol", "strict"},
       "shows one entry at every step size and gives no verdict"},
      {"hessian",
       {"grad", "entries", "method", "step", "rtol", "strict"},
       "differentiates the whole gradient and chooses its own steps"},
  };
  return table;
}

/// An option that says more about one of others.
struct Requirement {
  std::string_view option;
  std::vector<std::string_view> one_of;
};

const std::vector<Requirement>& requirements() {
  static const std::vector<Requirement> table{
      {"regime", {"random", "all"}}, {"timeout", {"exec"}}, {"plot", {"sweep"}}};
  return table;
}

std::string dashed(std::string_view option) {
  std::string text = "--" + std::string(option);
  std::ranges::replace(text, '_', '-');
  return text;
}

[[noreturn]] void throw_excluded(const Exclusion& exclusion, const std::string& other) {
  throw Error(ErrorCode::conflicting_arguments,
              dashed(exclusion.option) + " and " + other + " exclude each other", {},
              dashed(exclusion.option) + " " + std::string(exclusion.because));
}

void check_exclusion(const Exclusion& exclusion, const ParsedOptions& options) {
  for (const std::string_view other : exclusion.others) {
    if (options.has(other)) throw_excluded(exclusion, dashed(other));
  }
  if (exclusion.excludes_files && !options.positionals().empty())
    throw_excluded(exclusion, "the file " + options.positionals().front());
  const Arguments loss_arguments = options.loss_arguments();
  if (exclusion.excludes_loss_options && !loss_arguments.empty())
    throw_excluded(exclusion, dashed(loss_arguments.front().name));
}

/// Without -l, a program is alone with its files.
void check_program_alone(const ParsedOptions& options) {
  if (!options.has("exec") || options.has("loss")) return;
  const Arguments loss_arguments = options.loss_arguments();
  if (!options.has("random") && loss_arguments.empty()) return;
  const std::string option =
      options.has("random") ? "--random" : dashed(loss_arguments.front().name);
  throw Error(
      ErrorCode::missing_argument, option + " needs a loss", {},
      "add -l LOSS: without it, --exec sends the program only what -p, -t, -i and FILE name");
}

}  // namespace

void check_gradcheck_options(const ParsedOptions& options) {
  for (const Exclusion& exclusion : exclusions()) {
    if (options.has(exclusion.option)) check_exclusion(exclusion, options);
  }
  for (const Requirement& requirement : requirements()) {
    if (!options.has(requirement.option)) continue;
    std::vector<std::string> needed(requirement.one_of.size());
    std::ranges::transform(requirement.one_of, needed.begin(), dashed);
    if (std::ranges::any_of(requirement.one_of,
                            [&](std::string_view one) { return options.has(one); }))
      continue;
    throw Error(ErrorCode::missing_argument,
                dashed(requirement.option) + " needs " + text::joined(needed, " or "));
  }
  check_program_alone(options);
}

}  // namespace losscalc::commands
