/// gradcheck: whether gradients are right. What is checked decides which file of gradcheck/ does
/// it.

#include "commands/gradcheck.h"

#include <optional>
#include <string>
#include <vector>

#include "commands/gradcheck/all.h"
#include "commands/gradcheck/exclusions.h"
#include "commands/gradcheck/hessian.h"
#include "commands/gradcheck/inputs.h"
#include "commands/gradcheck/options.h"
#include "commands/gradcheck/own_program.h"
#include "commands/gradcheck/report.h"
#include "commands/gradcheck/sweep.h"
#include "commands/output/progress_line.h"
#include "commands/output/write.h"
#include "report/gradcheck.h"
#include "text/nearest.h"

namespace losscalc::commands {

using checking::GivenGradient;
using checking::GradientCheck;
using differentiation::CheckRequest;

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
  if (options.has("sweep")) return run_sweep(check, line, options);
  if (options.has("hessian")) return run_hessian(check, subject, line, options);
  Checked checked{.subject = subject,
                  .tolerance = tolerance.value_or(given.empty() ? Checked{}.tolerance
                                                                : given.front().tolerance),
                  .explained_by = &bound};
  if (!given.empty()) checked.gradient = text::joined(options.values("grad"));
  report::GradientCheckReport report = report_of(check, request, checked, options);
  line.clear();
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
