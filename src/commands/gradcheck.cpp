#include "report/gradcheck.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <string>

#include "checking/diagnosis.h"
#include "checking/own_program.h"
#include "commands/command.h"
#include "commands/inputs.h"
#include "commands/output.h"
#include "commands/progress_line.h"
#include "commands/result.h"
#include "commands/sweep.h"
#include "diagnostics/error.h"
#include "generation/random_inputs.h"
#include "io/read.h"
#include "report/terminal.h"
#include "spec/specification.h"
#include "text/nearest.h"
#include "text/number.h"

namespace losscalc::commands {
namespace {

using checking::DifferentiableInput;
using checking::GivenGradient;
using checking::GradientCheck;
using differentiation::CheckRequest;
using differentiation::Method;
using generation::Regime;

template <class Value>
Value named_value(const ParsedOptions& options, const char* option,
                  const std::map<std::string, Value>& values, Value otherwise) {
  const auto given = options.value(option);
  if (!given) return otherwise;
  const auto found = values.find(*given);
  if (found != values.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [name, value] : values) names.push_back(name);
  throw Error(ErrorCode::bad_value, std::string("--") + option + " must be one of " +
                                        text::joined(names) + ", found '" + *given + "'");
}

double positive_number(const ParsedOptions& options, const char* option, double otherwise) {
  const auto given = options.value(option);
  if (!given) return otherwise;
  const auto number = text::parse_number(*given);
  if (number && *number > 0.0 && std::isfinite(*number)) return *number;
  throw Error(ErrorCode::bad_value,
              std::string("--") + option + " must be a number > 0, found '" + *given + "'");
}

std::uint64_t seed_of(const ParsedOptions& options) {
  const auto given = options.value("seed");
  if (!given) return 1;
  const auto number = text::parse_integer(*given);
  if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
  throw Error(ErrorCode::bad_value, "--seed must be an integer >= 0, found '" + *given + "'");
}

const std::map<std::string, Method>& methods() {
  static const std::map<std::string, Method> table{
      {"auto", Method::automatic},          {"dual", Method::dual},
      {"differences", Method::differences}, {"forward", Method::forward},
      {"central", Method::central},         {"ridders", Method::ridders}};
  return table;
}

const std::map<std::string, Regime>& regimes() {
  static const std::map<std::string, Regime> table{
      {"ordinary", Regime::ordinary}, {"extreme", Regime::extreme}, {"kinks", Regime::kinks}};
  return table;
}

CheckRequest request_of(const ParsedOptions& options) {
  CheckRequest request{.method = named_value(options, "method", methods(), Method::automatic),
                       .step = positive_number(options, "step", 0.0),
                       .entries = options.count("entries").value_or(0),
                       .seed = seed_of(options),
                       .threads = thread_count(options)};
  const bool steps = request.method == Method::forward || request.method == Method::central ||
                     request.method == Method::ridders;
  if (options.has("step") && !steps) {
    throw Error(ErrorCode::conflicting_arguments,
                "--step belongs to --method forward, central or ridders; the others choose their "
                "own steps");
  }
  return request;
}

std::vector<std::string> listed(const ParsedOptions& options, const char* option) {
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

/// Relative tolerance and unit round-off of gradients stored so.
void set_precision(io::ElementType type, GivenGradient& gradient) {
  if (type == io::ElementType::float32) {
    gradient.tolerance = 1e-5;
    gradient.round_off = 0x1p-24;
  } else if (type == io::ElementType::float16) {
    gradient.tolerance = 1e-2;
    gradient.round_off = 0x1p-11;
  }
}

GivenGradient taken_gradient(const io::Array& array, const DifferentiableInput& input) {
  if (array.shape() != input.data.shape) {
    throw Error(ErrorCode::shape_mismatch,
                "the gradient has shape " + io::to_string(array.shape()) + ", expected " +
                    input.name + "'s shape " + evaluation::to_string(input.data.shape),
                array.place());
  }
  GivenGradient gradient{.input = input.name, .values = std::vector<double>(array.size())};
  array.read(0, gradient.values);
  set_precision(array.type(), gradient);
  return gradient;
}

/// FILE, NAME=FILE, or an archive with a gradient by the name of each input.
std::vector<GivenGradient> given_gradients(const ParsedOptions& options,
                                           const std::vector<DifferentiableInput>& inputs) {
  std::vector<GivenGradient> gradients;
  for (const std::string& word : options.values("grad")) {
    const std::size_t equals = word.find('=');
    const auto named =
        std::ranges::find(inputs, equals == std::string::npos ? "" : word.substr(0, equals),
                          &DifferentiableInput::name);
    if (named != inputs.end()) {
      gradients.push_back(taken_gradient(io::read_array(word.substr(equals + 1), {}), *named));
      continue;
    }
    const bool is_archive = word.ends_with(".npz");
    if (!is_archive && inputs.size() == 1) {
      gradients.push_back(taken_gradient(io::read_array(word, {}), inputs.front()));
      continue;
    }
    if (!is_archive) {
      std::vector<std::string> names;
      for (const DifferentiableInput& input : inputs) names.push_back(input.name);
      throw Error(ErrorCode::bad_value,
                  "--grad " + word + ": whose gradient is it? The loss is differentiated by " +
                      text::joined(names),
                  {}, "type --grad NAME=" + word + ", or give a .npz with all of them by name");
    }
    const std::unique_ptr<io::Container> archive = io::open_container(word, {});
    const std::vector<std::string> names = archive->names();
    for (const DifferentiableInput& input : inputs) {
      if (std::ranges::find(names, input.name) != names.end())
        gradients.push_back(taken_gradient(archive->array(input.name), input));
    }
    if (gradients.empty()) archive->array(inputs.front().name);  // throws, and lists the names
  }
  return gradients;
}

/// Random arrays for all terms; those of one name are shared.
BoundTerms bind_random(const std::vector<spec::Term>& terms,
                       const std::optional<evaluation::Shape>& shape, std::size_t entries,
                       Regime regime, std::uint64_t seed) {
  BoundTerms bound;
  std::map<std::string, evaluation::Data> shared;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const spec::Term& term = terms[k];
    evaluation::Term evaluated{term.coefficient, term.loss, term.parameters, term.choices, {}};
    const evaluation::Inputs made = generation::random_inputs(
        *term.loss, term.parameters, term.choices,
        shape.value_or(generation::default_shape(*term.loss, term.choices, entries)), regime, seed);
    for (const Role& role : term.loss->roles) {
      const std::string role_name(role.name);
      bound.names[{k, role_name}];
      const auto found = made.find(role_name);
      if (found == made.end()) continue;
      for (const evaluation::Data& data : found->second) {
        const auto known = shared.try_emplace(role_name, data).first;
        bound.names[{k, role_name}].push_back(role_name);
        evaluated.inputs[role_name].push_back(known->second);
      }
    }
    bound.terms.push_back(std::move(evaluated));
  }
  return bound;
}

/// Arrays from files, or --random.
BoundTerms bound_terms(const std::vector<spec::Term>& terms, const ParsedOptions& options,
                       std::uint64_t seed) {
  const auto random = options.value("random");
  if (!random) return bind_inputs(terms, options);
  const Regime regime = named_value(options, "regime", regimes(), Regime::ordinary);
  return bind_random(terms, generation::parse_shape(*random), 0, regime, seed);
}

bool wants_color(const ParsedOptions& options) {
  return report::uses_color(report::color_when(options.value("color").value_or("auto")).value(),
                            STDOUT_FILENO);
}

std::vector<spec::Term> required_terms(const ParsedOptions& options) {
  const auto loss = options.value("loss");
  if (!loss) {
    throw Error(ErrorCode::missing_argument,
                "which loss? give it by -l, for example -l cross-entropy", {},
                "'losscalc gradcheck --all' checks every loss on random data");
  }
  return spec::resolve(spec::parse(*loss), options.loss_arguments());
}

std::string method_name(Method method) {
  for (const auto& [name, value] : methods()) {
    if (value == method) return name;
  }
  return "";
}

report::GradientCheckReport report_of(const GradientCheck& check, const CheckRequest& request,
                                      const std::string& subject, bool strict) {
  report::GradientCheckReport report{.subject = subject,
                                     .inputs = {},
                                     .method = method_name(request.method),
                                     .seed = request.seed,
                                     .strict = strict,
                                     .result = check.run()};
  for (const DifferentiableInput& input : check.inputs())
    report.inputs.push_back({input.name, input.data.shape});
  return report;
}

std::string random_subject(const std::string& loss, const std::string& regime) {
  return loss + " on random data, regime " + regime;
}

std::string regime_name(Regime regime) {
  for (const auto& [name, value] : regimes()) {
    if (value == regime) return name;
  }
  return "";
}

/// Every loss with each form of prediction and each link.
std::vector<spec::Term> all_terms() {
  std::vector<spec::Term> terms;
  for (const Loss* loss : all_losses()) {
    const std::vector<From> forms = loss->from.empty() ? std::vector{From::probs} : loss->from;
    const std::vector<Link> links = loss->links.empty() ? std::vector{Link::softmax} : loss->links;
    for (const From from : forms) {
      for (const Link link : links) {
        if (link == Link::sigmoid && from == From::log_probs) continue;
        Arguments flags;
        if (!loss->from.empty()) flags.push_back({"from", std::string(name(from))});
        if (!loss->links.empty() && link == Link::sigmoid)
          flags.push_back({"link", std::string("sigmoid")});
        const std::string loss_name(loss->description.name);
        terms.push_back(spec::resolve(spec::parse(loss_name), flags).front());
      }
    }
  }
  return terms;
}

Status check_all(const ParsedOptions& options) {
  const CheckRequest request = request_of(options);
  const std::size_t entries = options.count("entries").value_or(2000);
  CheckRequest whole = request;
  whole.entries = 0;
  std::vector<Regime> chosen{Regime::ordinary, Regime::extreme, Regime::kinks};
  if (options.has("regime")) chosen = {named_value(options, "regime", regimes(), Regime::ordinary)};
  ProgressLine line(!options.has("quiet"));
  const std::vector<spec::Term> terms = all_terms();
  std::vector<report::GradientCheckReport> reports;
  for (const spec::Term& term : terms) {
    for (const Regime regime : chosen) {
      const BoundTerms bound = bind_random({term}, std::nullopt, entries, regime, request.seed);
      const GradientCheck check(bound, {}, {}, whole, std::nullopt);
      reports.push_back(report_of(check, whole,
                                  random_subject(spec::to_string(term), regime_name(regime)),
                                  options.has("strict")));
      line.show(static_cast<double>(reports.size()) /
                static_cast<double>(terms.size() * chosen.size()));
    }
  }
  line.clear();
  write_result(options.has("json") ? report::gradcheck_all_json(reports)
                                   : report::gradcheck_all_text(reports),
               options.value("output"));
  return std::ranges::all_of(reports, report::passed) ? Status::done : Status::check_failed;
}

process::Array array_of(const evaluation::Data& data) {
  process::Array array{data.shape, std::vector<double>(evaluation::element_count(data.shape))};
  data.read(0, array.values);
  return array;
}

process::Array array_of(const io::Array& array) {
  process::Array copy{array.shape(), std::vector<double>(array.size())};
  array.read(0, copy.values);
  return copy;
}

/// The arrays that a program is given: those of the loss, or whatever is named.
process::Arrays program_inputs(const ParsedOptions& options,
                               const std::optional<BoundTerms>& bound) {
  process::Arrays inputs;
  if (bound) {
    for (const auto& [use, names] : bound->names) {
      for (std::size_t i = 0; i < names.size(); ++i)
        inputs[names[i]] = array_of(bound->terms[use.first].inputs.at(use.second)[i]);
    }
    return inputs;
  }
  for (const char* const role : {"pred", "target"}) {
    if (const auto file = options.value(role)) inputs[role] = array_of(io::read_array(*file, {}));
  }
  for (const std::string& pair : options.values("input")) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      throw Error(ErrorCode::bad_value, "-i must be NAME=FILE, found '" + pair + "'");
    }
    inputs[pair.substr(0, equals)] = array_of(io::read_array(pair.substr(equals + 1), {}));
  }
  for (const std::string& file : options.positionals()) {
    const std::unique_ptr<io::Container> container = io::open_container(file, {});
    for (const std::string& name : container->names())
      inputs[name] = array_of(container->array(name));
  }
  if (!inputs.empty()) return inputs;
  throw Error(ErrorCode::missing_argument, "--exec: which inputs does the program get?", {},
              "give them by -p, -t and -i NAME=FILE, or take -l LOSS --random SHAPE");
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The program against itself and, where -l names one, against losscalc's loss.
Status check_own_program(const ParsedOptions& options) {
  for (const char* const other : {"all", "grad"}) {
    if (options.has(other))
      throw Error(ErrorCode::conflicting_arguments,
                  std::string("--exec and --") + other + " exclude each other");
  }
  CheckRequest request = request_of(options);
  const double tolerance = positive_number(options, "rtol", 1e-7);
  std::vector<spec::Term> terms;
  std::optional<BoundTerms> bound;
  if (options.has("loss")) {
    terms = required_terms(options);
    bound = bound_terms(terms, options, request.seed);
  }
  const process::Arrays inputs = program_inputs(options, bound);
  const std::vector<std::string>& command = options.values("exec");
  process::Program program(
      command, std::chrono::duration<double>(positive_number(options, "timeout", 60.0)));
  ProgressLine line(!options.has("quiet"));
  request.progress = [&line](double share) { line.show(share); };
  const checking::ProgramCheck check =
      checking::check_program(program, inputs, listed(options, "wrt"), request, tolerance);
  line.clear();
  report::GradientCheckReport own{
      .subject = joined_words(command),
      .gradient = "the program's own",
      .inputs = {},
      .method = check.method + ", " + std::to_string(check.calls) + " calls",
      .tolerance = tolerance,
      .seed = request.seed,
      .strict = options.has("strict"),
      .result = check.result};
  for (const std::string& name : check.inputs)
    own.inputs.push_back({name, inputs.find(name)->second.shape});
  std::vector<report::GradientCheckReport> reports{std::move(own)};
  if (bound) {
    std::vector<GivenGradient> given;
    for (std::size_t k = 0; k < check.inputs.size(); ++k)
      given.push_back({.input = check.inputs[k], .values = check.gradients[k]});
    const GradientCheck against(*bound, check.inputs, given, request, tolerance);
    reports.push_back(report_of(against, request, spec::to_string(terms), options.has("strict")));
    reports.back().gradient = "the program's";
    if (reports.back().result.counts.failed > 0)
      reports.back().diagnosis = checking::diagnosis_of(against, *bound);
  }
  std::string text;
  if (options.has("json")) {
    text = report::gradcheck_json(reports.front(), bound ? &reports.back() : nullptr);
  } else {
    for (const report::GradientCheckReport& report : reports)
      text += (text.empty() ? "" : "\n") + report::gradcheck_text(report, wants_color(options));
  }
  write_result(text, options.value("output"));
  return std::ranges::all_of(reports, report::passed) ? Status::done : Status::check_failed;
}

}  // namespace

Status run_gradcheck(const ParsedOptions& options) {
  if (options.has("plot") && !options.has("sweep")) {
    throw Error(ErrorCode::missing_argument,
                "--plot draws a sweep: which entry? Add --sweep INDEX");
  }
  if (options.has("exec")) return check_own_program(options);
  if (options.has("all")) return check_all(options);
  CheckRequest request = request_of(options);
  const std::vector<spec::Term> terms = required_terms(options);
  std::string subject = spec::to_string(terms);
  if (options.has("random"))
    subject = random_subject(subject, options.value("regime").value_or("ordinary"));
  const BoundTerms bound = bound_terms(terms, options, request.seed);
  std::optional<double> tolerance;
  if (options.has("rtol")) tolerance = positive_number(options, "rtol", 0.0);
  ProgressLine line(!options.has("quiet"));
  request.progress = [&line](double share) { line.show(share); };
  const std::vector<GivenGradient> given =
      given_gradients(options, checking::differentiable_inputs(bound));
  const GradientCheck check(bound, listed(options, "wrt"), given, request, tolerance);
  if (options.has("sweep")) return run_sweep(check, options);
  report::GradientCheckReport report = report_of(check, request, subject, options.has("strict"));
  line.clear();
  report.tolerance = tolerance.value_or(given.empty() ? 1e-7 : given.front().tolerance);
  if (!given.empty()) report.gradient = text::joined(options.values("grad"));
  if (report.result.counts.failed > 0) report.diagnosis = checking::diagnosis_of(check, bound);
  if (!report.result.worst.empty()) {
    const differentiation::Finding& worst = report.result.worst.front();
    report.look_closer = "the same command with --sweep '" +
                         report::entry_name(report.inputs[worst.input], worst.entry) + "'";
  }
  const bool color = report::uses_color(
      report::color_when(options.value("color").value_or("auto")).value(), STDOUT_FILENO);
  write_result(
      options.has("json") ? report::gradcheck_json(report) : report::gradcheck_text(report, color),
      options.value("output"));
  return report::passed(report) ? Status::done : Status::check_failed;
}

}  // namespace losscalc::commands
