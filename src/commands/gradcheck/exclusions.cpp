#include "commands/gradcheck/exclusions.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "commands/gradcheck/options.h"
#include "diagnostics/error.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

/// An option that leaves others nothing to say.
struct Exclusion {
  OptionRow option;
  std::vector<OptionRow> others;
  std::string_view because;
  bool excludes_files = false;
  bool excludes_loss_options = false;
};

const std::vector<Exclusion>& exclusions() {
  static const std::vector<Exclusion> table{
      {option::all,
       {option::loss, option::pred, option::target, option::input, option::classes,
        option::input_format, option::random, option::grad, option::exec, option::wrt,
        option::sweep, option::hessian},
       "checks every loss in every form on data that it generates",
       true,
       true},
      {option::random,
       {option::pred, option::target, option::input, option::classes, option::input_format},
       "generates the inputs",
       true},
      {option::exec, {option::grad, option::sweep}, "takes the gradient from the program"},
      {option::sweep,
       {option::hessian, option::entries, option::method, option::step, option::rtol,
        option::strict},
       "shows one entry at every step size and gives no verdict"},
      {option::hessian,
       {option::grad, option::entries, option::method, option::step, option::rtol, option::strict},
       "differentiates the whole gradient and chooses its own steps"},
  };
  return table;
}

/// An option that says more about one of others.
struct Requirement {
  OptionRow option;
  std::vector<OptionRow> one_of;
};

const std::vector<Requirement>& requirements() {
  static const std::vector<Requirement> table{{option::regime, {option::random, option::all}},
                                              {option::timeout, {option::exec}},
                                              {option::plot, {option::sweep}}};
  return table;
}

std::string dashed(const OptionRow& option) { return "--" + std::string(option.name); }

std::string dashed(const Argument& argument) {
  std::string text = "--" + argument.name;
  std::ranges::replace(text, '_', '-');
  return text;
}

[[noreturn]] void throw_excluded(const Exclusion& exclusion, const std::string& other) {
  throw Error(ErrorCode::conflicting_arguments,
              dashed(exclusion.option) + " and " + other + " exclude each other", {},
              dashed(exclusion.option) + " " + std::string(exclusion.because));
}

void check_exclusion(const Exclusion& exclusion, const ParsedOptions& options) {
  for (const OptionRow& other : exclusion.others) {
    if (options.has(other)) throw_excluded(exclusion, dashed(other));
  }
  if (exclusion.excludes_files && !options.positionals().empty())
    throw_excluded(exclusion, "the file " + options.positionals().front());
  const Arguments loss_arguments = options.loss_arguments();
  if (exclusion.excludes_loss_options && !loss_arguments.empty())
    throw_excluded(exclusion, dashed(loss_arguments.front()));
}

/// Without -l, a program is alone with its files.
void check_program_alone(const ParsedOptions& options) {
  if (!options.has(option::exec) || options.has(option::loss)) return;
  const Arguments loss_arguments = options.loss_arguments();
  if (!options.has(option::random) && loss_arguments.empty()) return;
  const std::string option =
      options.has(option::random) ? dashed(option::random) : dashed(loss_arguments.front());
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
    std::ranges::transform(requirement.one_of, needed.begin(),
                           [](const OptionRow& one) { return dashed(one); });
    if (std::ranges::any_of(requirement.one_of,
                            [&](const OptionRow& one) { return options.has(one); }))
      continue;
    throw Error(ErrorCode::missing_argument,
                dashed(requirement.option) + " needs " + text::joined(needed, " or "));
  }
  check_program_alone(options);
}

}  // namespace losscalc::commands
