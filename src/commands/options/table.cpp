#include "commands/options/table.h"

#include <algorithm>
#include <set>

#include "definition/loss.h"
#include "dialects/dialect.h"
#include "differentiation/check.h"
#include "generation/random_inputs.h"
#include "io/format.h"
#include "report/terminal.h"
#include "text/names.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

std::string with_hyphens(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', '-');
  return text;
}

std::vector<std::string> library_names() {
  std::vector<std::string> names;
  for (const dialects::Library* library : dialects::all_libraries())
    names.emplace_back(library->name);
  return names;
}

std::string value_name(const ParameterInfo& info) {
  switch (info.type) {
    case ParameterType::number: return "X";
    case ParameterType::integer: return "N";
    case ParameterType::boolean: return "";
    case ParameterType::numbers: return "LIST";
    case ParameterType::choice: break;
  }
  return text::joined(choice_names(info), "|");
}

Option option_of(const ParameterInfo& info, std::string category) {
  const bool is_flag = info.type == ParameterType::boolean;
  return {with_hyphens(info.name),
          '\0',
          value_name(info),
          std::move(category),
          std::string(info.help),
          is_flag ? Arity::negatable : Arity::value,
          info.default_value == ParameterValue(true),
          choice_names(info)};
}

std::vector<Option> make_loss_options() {
  std::vector<Option> options;
  std::set<std::string> seen;
  const auto add = [&](Option option) {
    if (seen.insert(option.name).second) options.push_back(std::move(option));
  };
  for (const Convention& row : all_conventions()) add(option_of(row.parameter.info, "Conventions"));
  for (const Loss* loss : all_losses()) {
    for (const Role& role : loss->roles) {
      if (!role.optional) continue;
      add({with_hyphens(role.name), '\0', "LIST|FILE", "Weights",
           std::string(role.help) + ", of shape " + std::string(role.shape), Arity::value});
    }
  }
  for (const Loss* loss : all_losses()) {
    for (const ParameterInfo& info : loss->parameters) add(option_of(info, "Parameters of losses"));
  }
  return options;
}

const std::vector<Option>& common_options() {
  static const std::vector<Option> options{
      {"help", 'h', "", "General", "show this help and exit", Arity::flag},
      {"version", 'V', "", "General", "show the version and how the program was built",
       Arity::flag},
      {"color", '\0', "WHEN", "General",
       text::alternatives(text::explained_names(report::color_names())), Arity::value, false,
       text::names_of(report::color_names())},
  };
  return options;
}

/// What is computed, and from which files.
std::vector<Option> input_options() {
  return {
      {"loss", 'l', "SPEC", "Loss", "the loss: 'dice', 'focal(gamma=1)', 'mse + 0.1*l2-penalty'",
       Arity::value, false, loss_names()},
      {"pred", 'p', "FILE", "Input",
       "predictions: FILE, FILE#FRAGMENT or - for standard input; several files, or a pattern "
       "such as 'part-*.npy', are joined along the first axis",
       Arity::repeated},
      {"target", 't', "FILE", "Input", "targets, likewise", Arity::repeated},
      {"input", 'i', "NAME=FILE", "Input", "any input by name (repeatable)", Arity::repeated},
      {"classes", '\0', "NAMES", "Input",
       "names of the classes 0, 1, ... when targets are names: cat,dog", Arity::value},
      {"input-format", '\0', "FORMAT", "Input",
       text::alternatives(io::format_names()) + ", whatever the names say", Arity::value, false,
       io::format_names()},
  };
}

std::vector<Option> gradcheck_options() {
  return {
      {"random", '\0', "SHAPE", "Input",
       "random inputs instead of files; SHAPE of the prediction: 1000x10", Arity::value},
      {"regime", '\0', "NAME", "Input",
       "of random inputs: " + text::alternatives(text::explained_names(generation::regimes())),
       Arity::value, false, text::names_of(generation::regimes())},
      {"all", '\0', "", "Input", "check every loss on random inputs, in every regime", Arity::flag},
      {"grad", '\0', "FILE", "Gradient",
       "check this gradient in place of losscalc's own: FILE, NAME=FILE, or a .npz with one for "
       "each input by name (repeatable)",
       Arity::repeated},
      {"exec", '\0', "PROGRAM", "Gradient",
       "check your own program, which gets inputs and gives value and gradient as JSON lines; all "
       "that follows is its own command line",
       Arity::rest},
      {"timeout", '\0', "SECONDS", "Gradient", "for each answer of the program (default: 60)",
       Arity::value},
      {"wrt", '\0', "NAMES", "Gradient",
       "only the gradients by these inputs: anchor,positive (default: all)", Arity::repeated},
      {"method", '\0', "NAME", "Check",
       "where the derivatives come from: " +
           text::alternatives(text::explained_names(differentiation::methods())),
       Arity::value, false, text::names_of(differentiation::methods())},
      {"step", '\0', "H", "Check", "step of forward, central and ridders", Arity::value},
      {"rtol", '\0', "X", "Check",
       "relative tolerance (default: 1e-7; of gradients stored as float32 1e-5, float16 1e-2)",
       Arity::value},
      {"entries", '\0', "K", "Check",
       "check K entries, spread over all; with --all, how many to make for each loss",
       Arity::value},
      {"seed", '\0', "S", "Check", "of all that is random (default: 1)", Arity::value},
      {"sweep", '\0', "INDEX", "Check",
       "instead of a check, the error of differences against their step at one entry: 3,1 or "
       "'anchor[3,1]'",
       Arity::value},
      {"plot", '\0', "FILE.svg", "Output", "draw the sweep", Arity::value},
      {"hessian", '\0', "", "Check",
       "instead of a check, whether the gradient is one: its Jacobian must be symmetric, and its "
       "slope the second difference of the values",
       Arity::flag},
      {"strict", '\0', "", "Check", "fail where an entry is inconclusive", Arity::flag},
      {"json", '\0', "", "Output", "print one JSON object", Arity::flag},
      {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
       Arity::value},
      {"threads", '\0', "N", "General",
       "number of threads (default: all cores); the result is the same for any", Arity::value},
      {"quiet", 'q', "", "General", "no progress", Arity::flag},
  };
}

std::vector<Option> match_options() {
  return {
      {"value", '\0', "X", "Search", "the number, with the digits that were printed", Arity::value},
      {"tolerance", '\0', "X", "Search",
       "how far off a value may be (default: half a unit of the last digit of --value)",
       Arity::value},
      {"depth", '\0', "N", "Search",
       "how many changes of the loss asked for at a time: 1 or 2 (default: 2)", Arity::value},
      {"top", '\0', "K", "Output", "at most K of what was found (default: 10)", Arity::value},
      {"json", '\0', "", "Output", "print one JSON object, with all that was found", Arity::flag},
      {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
       Arity::value},
      {"threads", '\0', "N", "General",
       "number of threads (default: all cores); the result is the same for any", Arity::value},
      {"quiet", 'q', "", "General", "no progress", Arity::flag},
  };
}

std::vector<Option> own_options(std::string_view command) {
  if (command == "compute") {
    std::vector<Option> options = input_options();
    const std::vector<Option> own{
        {"per-sample", '\0', "", "Output", "add the table by sample", Arity::flag},
        {"per-class", '\0', "", "Output", "add the table by class", Arity::flag},
        {"top", '\0', "K", "Output", "only the K largest losses of --per-sample", Arity::value},
        {"shard", '\0', "I/N", "Parts",
         "only the I-th of N parts of the samples; auto: as the launcher (mpirun, srun, sbatch "
         "--array, torchrun) says",
         Arity::value},
        {"partial", '\0', "FILE", "Parts",
         "write what 'losscalc merge' needs of this part to FILE, and no result; {shard} in its "
         "name stands for I, - for standard output",
         Arity::value},
        {"grad-out", '\0', "FILE", "Output",
         "write the gradient: .npy for one input, .npz for any number", Arity::value},
        {"json", '\0', "", "Output", "print one JSON object", Arity::flag},
        {"csv", '\0', "", "Output", "print the table, or the value, as CSV", Arity::flag},
        {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
         Arity::value},
        {"digits", '\0', "N", "Output",
         "round numbers to N significant digits; JSON always has all", Arity::value},
        {"threads", '\0', "N", "General",
         "number of threads (default: all cores); the result is the same for any", Arity::value},
        {"quiet", 'q', "", "General", "no warnings and no progress", Arity::flag},
        {"strict", '\0', "", "General", "a warning is an error (exit status 3)", Arity::flag},
    };
    options.insert(options.end(), own.begin(), own.end());
    return options;
  }
  if (command == "gradcheck") {
    std::vector<Option> options = input_options();
    const std::vector<Option> own = gradcheck_options();
    options.insert(options.end(), own.begin(), own.end());
    return options;
  }
  if (command == "match") {
    std::vector<Option> options = input_options();
    const std::vector<Option> own = match_options();
    options.insert(options.end(), own.begin(), own.end());
    return options;
  }
  if (command == "merge") {
    return {
        {"top", '\0', "K", "Output", "only the K largest losses of the table by sample",
         Arity::value},
        {"json", '\0', "", "Output", "print one JSON object", Arity::flag},
        {"csv", '\0', "", "Output", "print the table, or the value, as CSV", Arity::flag},
        {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
         Arity::value},
        {"digits", '\0', "N", "Output",
         "round numbers to N significant digits; JSON always has all", Arity::value},
        {"quiet", 'q', "", "General", "no warnings", Arity::flag},
        {"strict", '\0', "", "General", "a warning is an error (exit status 3)", Arity::flag},
    };
  }
  if (command == "list") {
    return {
        {"task", '\0', "TASK", "General", "only the losses of this task", Arity::value, false,
         task_names()},
        {"library", '\0', "NAME", "General",
         "another library's losses, and what each is here: " + text::alternatives(library_names()),
         Arity::value, false, library_names()},
        {"json", '\0', "", "General", "print one JSON object", Arity::flag}};
  }
  if (command == "describe")
    return {{"json", '\0', "", "General", "print one JSON object", Arity::flag}};
  return {};
}

}  // namespace

std::vector<std::string> loss_names() {
  std::vector<std::string> names;
  for (const Loss* loss : all_losses()) names.emplace_back(loss->description.name);
  return names;
}

std::vector<std::string> task_names() {
  std::vector<std::string> names = text::names_of(tasks());
  for (std::string& name : names) std::ranges::replace(name, ' ', '-');
  return names;
}

const std::vector<Option>& loss_options() {
  static const std::vector<Option> options = make_loss_options();
  return options;
}

std::vector<Option> options_of(std::string_view command) {
  std::vector<Option> options = own_options(command);
  if (command == "compute" || command == "gradcheck" || command == "match")
    options.insert(options.end(), loss_options().begin(), loss_options().end());
  options.insert(options.end(), common_options().begin(), common_options().end());
  return options;
}

std::string long_spelling(const Option& option) {
  return (option.arity == Arity::negatable && option.on ? "--no-" : "--") + option.name;
}

}  // namespace losscalc::commands
