#include "commands/gradcheck/own_program.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "checking/own_program.h"
#include "commands/gradcheck/hessian.h"
#include "commands/gradcheck/inputs.h"
#include "commands/gradcheck/options.h"
#include "commands/gradcheck/report.h"
#include "commands/output/progress_line.h"
#include "commands/output/result.h"
#include "diagnostics/error.h"
#include "report/gradcheck.h"

namespace losscalc::commands {
namespace {

using checking::GivenGradient;
using checking::GradientCheck;
using differentiation::CheckRequest;
using differentiation::Method;

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

report::GradientCheckReport own_report(const checking::ProgramCheck& check,
                                       const process::Arrays& inputs, const std::string& command,
                                       const CheckRequest& request, double tolerance,
                                       const ParsedOptions& options) {
  report::GradientCheckReport report{
      .subject = command,
      .gradient = "computed by the program",
      .inputs = {},
      .method = check.method + ", " + std::to_string(check.calls) + " calls",
      .tolerance = tolerance,
      .seed = request.seed,
      .strict = options.has(option::strict),
      .result = check.result};
  for (const std::string& name : check.inputs)
    report.inputs.push_back({name, inputs.find(name)->second.shape});
  return report;
}

}  // namespace

Status check_own_program(const ParsedOptions& options) {
  CheckRequest request = request_of(options);
  if (request.method == Method::dual || request.method == Method::complex) {
    throw Error(ErrorCode::conflicting_arguments,
                "--method " + method_name(request.method) +
                    " needs the formula of the loss, and --exec gives only numbers",
                {}, "omit --method, or use differences, forward, central or ridders");
  }
  const double tolerance = positive_number(options, option::rtol, 1e-7);
  std::optional<BoundTerms> bound;
  if (options.has(option::loss))
    bound = bound_terms(required_terms(options), options, request.seed);
  const process::Arrays inputs = program_inputs(options, bound);
  const std::vector<std::string>& command = options.values(option::exec);
  process::Program program(
      command, std::chrono::duration<double>(positive_number(options, option::timeout, 60.0)));
  if (options.has(option::hessian))
    return run_program_hessian(program, inputs, joined_words(command), options);
  ProgressLine line(!options.has(option::quiet));
  request.progress = [&line](double share) { line.show(share); };
  const checking::ProgramCheck check =
      checking::check_program(program, inputs, listed(options, option::wrt), request, tolerance);
  std::vector<report::GradientCheckReport> reports{
      own_report(check, inputs, joined_words(command), request, tolerance, options)};
  if (bound) {
    std::vector<GivenGradient> given;
    for (std::size_t k = 0; k < check.inputs.size(); ++k)
      given.push_back({.input = check.inputs[k], .values = check.gradients[k]});
    const GradientCheck against(*bound, check.inputs, given, request, tolerance);
    reports.push_back(report_of(against, request,
                                {.subject = spec::to_string(bound->specified),
                                 .gradient = "the program's",
                                 .tolerance = tolerance,
                                 .explained_by = &*bound},
                                options));
  }
  line.clear();
  const auto as_text = [&] {
    std::string text;
    for (const report::GradientCheckReport& report : reports)
      text += (text.empty() ? "" : "\n") + report::gradcheck_text(report, wants_color(options));
    return text;
  };
  const auto as_json = [&] {
    return report::gradcheck_json(reports.front(), bound ? &reports.back() : nullptr);
  };
  print_result(options, {{OutputFormat::text, as_text}, {OutputFormat::json, as_json}});
  return std::ranges::all_of(reports, report::passed) ? Status::done : Status::check_failed;
}

}  // namespace losscalc::commands
