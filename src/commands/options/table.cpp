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
      add({with_hyphens(role.name), '\0', "LIST|FILE", "Weights", described(role), Arity::value});
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
      {"loss", 'l', "SPEC", "Loss",
       "a loss or a weighted sum of losses: 'dice', 'focal(gamma=1)', 'mse + 0.1*l2-penalty'",
       Arity::value, false, loss_names()},
      {"pred", 'p', "FILE", "Input",
       "predictions: FILE, FILE#FRAGMENT or - for standard input; several files, or a pattern such "
       "as 'part-*.npy', are concatenated along the first axis",
       Arity::repeated},
      {"target", 't', "FILE", "Input", "targets, given in the same ways", Arity::repeated},
      {"input", 'i', "NAME=FILE", "Input", "any input by name (repeatable)", Arity::repeated},
      {"classes", '\0', "NAMES", "Input",
       "names of classes 0, 1, ..., for targets given by name: cat,dog", Arity::value},
      {"input-format", '\0', "FORMAT", "Input",
       text::alternatives(io::format_names()) + ", regardless of the file names", Arity::value,
       false, io::format_names()},
  };
}

std::vector<Option> gradcheck_options() {
  return {
      {"random", '\0', "SHAPE", "Input",
       "use random inputs instead of files; SHAPE is that of the prediction: 1000x10",
       Arity::value},
      {"regime", '\0', "NAME", "Input",
       "kind of random inputs: " + text::alternatives(text::explained_names(generation::regimes())),
       Arity::value, false, text::names_of(generation::regimes())},
      {"all", '\0', "", "Input", "check every loss on random inputs, in every regime", Arity::flag},
      {"grad", '\0', "FILE", "Gradient",
       "check this gradient instead of losscalc's own: FILE, NAME=FILE, or a .npz with an array "
       "for each input by name (repeatable)",
       Arity::repeated},
      {"exec", '\0', "PROGRAM", "Gradient",
       "check the gradient of your own program, which reads inputs and prints value and gradient "
       "as JSON lines; everything after this option is the program's command line",
       Arity::rest},
      {"timeout", '\0', "SECONDS", "Gradient", "time limit per reply (default: 60)", Arity::value},
      {"wrt", '\0', "NAMES", "Gradient",
       "check only the gradients with respect to these inputs: anchor,positive (default: all)",
       Arity::repeated},
      {"method", '\0', "NAME", "Check",
       "where the derivatives come from: " +
           text::alternatives(text::explained_names(differentiation::methods())),
       Arity::value, false, text::names_of(differentiation::methods())},
      {"step", '\0', "H", "Check", "step size of forward, central and ridders", Arity::value},
      {"rtol", '\0', "X", "Check",
       "relative tolerance (default: 1e-7; for gradients stored as float32 1e-5, as float16 1e-2)",
       Arity::value},
      {"entries", '\0', "K", "Check",
       "check K entries, spread over all of them; with --all, the number of entries per loss",
       Arity::value},
      {"seed", '\0', "S", "Check", "random seed (default: 1)", Arity::value},
      {"sweep", '\0', "INDEX", "Check",
       "instead of checking, show the error of differences against their step size at one entry: "
       "3,1 or 'anchor[3,1]'",
       Arity::value},
      {"plot", '\0', "FILE.svg", "Output", "draw the sweep as SVG", Arity::value},
      {"hessian", '\0', "", "Check",
       "check second derivatives instead: the Jacobian of the gradient must be symmetric and agree "
       "with second differences of the values",
       Arity::flag},
      {"strict", '\0', "", "Check", "fail if an entry is inconclusive", Arity::flag},
      {"json", '\0', "", "Output", "print one JSON object", Arity::flag},
      {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
       Arity::value},
      {"threads", '\0', "N", "General",
       "number of threads (default: all cores); the result does not depend on it", Arity::value},
      {"quiet", 'q', "", "General", "show no progress", Arity::flag},
  };
}

std::vector<Option> match_options() {
  return {
      {"value", '\0', "X", "Search", "the number to explain, with all digits that were printed",
       Arity::value},
      {"tolerance", '\0', "X", "Search",
       "largest accepted deviation (default: half a unit of the last digit of --value)",
       Arity::value},
      {"depth", '\0', "N", "Search",
       "largest number of changes combined in one candidate: 1 or 2 (default: 2)", Arity::value},
      {"top", '\0', "K", "Output", "show at most K matches (default: 10)", Arity::value},
      {"json", '\0', "", "Output", "print one JSON object with all matches", Arity::flag},
      {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
       Arity::value},
      {"threads", '\0', "N", "General",
       "number of threads (default: all cores); the result does not depend on it", Arity::value},
      {"quiet", 'q', "", "General", "show no progress", Arity::flag},
  };
}

std::vector<Option> own_options(std::string_view command) {
  if (command == "compute") {
    std::vector<Option> options = input_options();
    const std::vector<Option> own{
        {"per-sample", '\0', "", "Output", "add a table of the losses per sample", Arity::flag},
        {"per-class", '\0', "", "Output", "add a table of the losses per class", Arity::flag},
        {"top", '\0', "K", "Output", "show only the K largest losses of --per-sample",
         Arity::value},
        {"shard", '\0', "I/N", "Parts",
         "compute only the I-th of N parts of the samples; auto takes I and N from the launcher "
         "(mpirun, srun, sbatch --array, torchrun)",
         Arity::value},
        {"partial", '\0', "FILE", "Parts",
         "write this part's partial result for 'losscalc merge' to FILE instead of printing a "
         "result; {shard} in the name stands for I, - for standard output",
         Arity::value},
        {"grad-out", '\0', "FILE", "Output",
         "write the gradient to FILE: .npy for one input, .npz for any number of inputs",
         Arity::value},
        {"json", '\0', "", "Output", "print one JSON object", Arity::flag},
        {"csv", '\0', "", "Output", "print the table or the value as CSV", Arity::flag},
        {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
         Arity::value},
        {"digits", '\0', "N", "Output",
         "round printed numbers to N significant digits; JSON always has all digits", Arity::value},
        {"threads", '\0', "N", "General",
         "number of threads (default: all cores); the result does not depend on it", Arity::value},
        {"quiet", 'q', "", "General", "show no warnings and no progress", Arity::flag},
        {"strict", '\0', "", "General", "treat warnings as errors (exit status 3)", Arity::flag},
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
        {"top", '\0', "K", "Output", "show only the K largest losses per sample", Arity::value},
        {"json", '\0', "", "Output", "print one JSON object", Arity::flag},
        {"csv", '\0', "", "Output", "print the table or the value as CSV", Arity::flag},
        {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
         Arity::value},
        {"digits", '\0', "N", "Output",
         "round printed numbers to N significant digits; JSON always has all digits", Arity::value},
        {"quiet", 'q', "", "General", "show no warnings", Arity::flag},
        {"strict", '\0', "", "General", "treat warnings as errors (exit status 3)", Arity::flag},
    };
  }
  if (command == "list") {
    return {{"task", '\0', "TASK", "General", "list only the losses of this task", Arity::value,
             false, task_names()},
            {"library", '\0', "NAME", "General",
             "list another library's losses and their equivalents in losscalc: " +
                 text::alternatives(library_names()),
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

namespace {

bool is_negated(const Option& option) { return option.arity == Arity::negatable && option.on; }

}  // namespace

std::string long_spelling(const Option& option) {
  return (is_negated(option) ? "--no-" : "--") + option.name;
}

std::string long_help(const Option& option) {
  return (is_negated(option) ? "do not " : "") + option.help;
}

}  // namespace losscalc::commands
