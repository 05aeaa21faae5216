#include "report/gradcheck.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "checking/diagnosis.h"
#include "checking/own_program.h"
#include "commands/command.h"
#include "commands/gradcheck/exclusions.h"
#include "commands/gradcheck/hessian.h"
#include "commands/gradcheck/inputs.h"
#include "commands/gradcheck/options.h"
#include "commands/gradcheck/sweep.h"
#include "commands/output/progress_line.h"
#include "commands/output/write.h"
#include "diagnostics/error.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

using checking::DifferentiableInput;
using checking::GivenGradient;
using checking::GradientCheck;
using differentiation::CheckRequest;
using differentiation::Method;
using generation::Regime;

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

/// --rtol, if it is given.
std::optional<double> given_tolerance(const ParsedOptions& options) {
  if (!options.has("rtol")) return std::nullopt;
  return positive_number(options, "rtol", 0.0);
}

std::string random_subject(const std::string& loss, const std::string& regime) {
  return loss + " on random data, regime " + regime;
}

/// Every loss that has a gradient, with each form of prediction and each link.
std::vector<spec::Term> all_terms() {
  std::vector<spec::Term> terms;
  for (const Loss* loss : all_losses()) {
    if (!is_differentiable(*loss)) continue;
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
  if (options.has("regime")) chosen = {regime_of(options)};
  ProgressLine line(!options.has("quiet"));
  const std::vector<spec::Term> terms = all_terms();
  std::vector<report::GradientCheckReport> reports;
  for (const spec::Term& term : terms) {
    for (const Regime regime : chosen) {
      const BoundTerms bound = bind_random({term}, std::nullopt, entries, regime, request.seed);
      const GradientCheck check(bound, {}, {}, whole, given_tolerance(options));
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

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The program against itself and, where -l names one, against losscalc's loss.
Status check_own_program(const ParsedOptions& options) {
  CheckRequest request = request_of(options);
  if (request.method == Method::dual || request.method == Method::complex) {
    throw Error(ErrorCode::conflicting_arguments,
                "--method " + method_name(request.method) +
                    " needs the formula of the loss, and --exec gives only numbers",
                {}, "omit --method, or use differences, forward, central or ridders");
  }
  const double tolerance = positive_number(options, "rtol", 1e-7);
  std::optional<BoundTerms> bound;
  if (options.has("loss")) bound = bound_terms(required_terms(options), options, request.seed);
  const process::Arrays inputs = program_inputs(options, bound);
  const std::vector<std::string>& command = options.values("exec");
  process::Program program(
      command, std::chrono::duration<double>(positive_number(options, "timeout", 60.0)));
  if (options.has("hessian"))
    return run_program_hessian(program, inputs, joined_words(command), options);
  ProgressLine line(!options.has("quiet"));
  request.progress = [&line](double share) { line.show(share); };
  const checking::ProgramCheck check =
      checking::check_program(program, inputs, listed(options, "wrt"), request, tolerance);
  line.clear();
  report::GradientCheckReport own{
      .subject = joined_words(command),
      .gradient = "computed by the program",
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
    reports.push_back(
        report_of(against, request, spec::to_string(bound->specified), options.has("strict")));
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
  check_gradcheck_options(options);
  if (options.has("exec")) return check_own_program(options);
  if (options.has("all")) return check_all(options);
  CheckRequest request = request_of(options);
  const BoundTerms bound = bound_terms(required_terms(options), options, request.seed);
  std::string subject = spec::to_string(bound.specified);
  if (options.has("random"))
    subject = random_subject(subject, options.value("regime").value_or("ordinary"));
  const std::optional<double> tolerance = given_tolerance(options);
  ProgressLine line(!options.has("quiet"));
  request.progress = [&line](double share) { line.show(share); };
  const std::vector<GivenGradient> given =
      given_gradients(options, checking::differentiable_inputs(bound));
  const GradientCheck check(bound, listed(options, "wrt"), given, request, tolerance);
  if (options.has("sweep")) return run_sweep(check, options);
  if (options.has("hessian")) return run_hessian(check, subject, options);
  report::GradientCheckReport report = report_of(check, request, subject, options.has("strict"));
  line.clear();
  report.tolerance = tolerance.value_or(given.empty() ? 1e-7 : given.front().tolerance);
  if (!given.empty()) report.gradient = text::joined(options.values("grad"));
  if (report.result.counts.failed > 0) report.diagnosis = checking::diagnosis_of(check, bound);
  if (!report.result.worst.empty()) {
    const differentiation::EntryVerdict& worst = report.result.worst.front();
    report.look_closer = "the same command with --sweep '" +
                         report::entry_name(report.inputs[worst.input], worst.entry) + "'";
  }
  write_result(options.has("json") ? report::gradcheck_json(report)
                                   : report::gradcheck_text(report, wants_color(options)),
               options.value("output"));
  return report::passed(report) ? Status::done : Status::check_failed;
}

}  // namespace losscalc::commands
