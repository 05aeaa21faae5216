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
#include "commands/output/format.h"
#include "commands/output/progress_line.h"
#include "commands/output/result.h"
#include "report/gradcheck.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

using checking::GivenGradient;
using checking::GradientCheck;
using differentiation::CheckRequest;

Status run_gradcheck(const ParsedOptions& options) {
  check_gradcheck_options(options);
  if (options.has(option::exec)) return check_own_program(options);
  if (options.has(option::all)) return check_all(options);
  CheckRequest request = request_of(options);
  const BoundTerms bound = bound_terms(required_terms(options), options, request.seed);
  show_notes(bound.inputs, options);
  print_warnings(bound.warnings, options);
  std::string subject = spec::to_string(bound.specified);
  if (options.has(option::random))
    subject = random_subject(subject, options.value(option::regime).value_or("ordinary"));
  const std::optional<double> tolerance = given_tolerance(options);
  ProgressLine line(!options.has(option::quiet));
  request.progress = [&line](double share) { line.show(share); };
  const std::vector<GivenGradient> given =
      given_gradients(options, checking::differentiable_inputs(bound));
  const GradientCheck check(bound, listed(options, option::wrt), given, request, tolerance);
  if (options.has(option::sweep)) return run_sweep(check, line, options);
  if (options.has(option::hessian)) return run_hessian(check, subject, line, options);
  Checked checked{.subject = subject,
                  .tolerance = tolerance.value_or(given.empty() ? Checked{}.tolerance
                                                                : given.front().tolerance),
                  .explained_by = &bound};
  if (!given.empty()) checked.gradient = text::joined(options.values(option::grad));
  report::GradientCheckReport report = report_of(check, request, checked, options);
  line.clear();
  if (!report.result.worst.empty()) {
    const differentiation::EntryVerdict& worst = report.result.worst.front();
    report.look_closer = "the same command with --sweep '" +
                         report::entry_name(report.inputs[worst.input], worst.entry) + "'";
  }
  print_result(options, {{OutputFormat::text,
                          [&] { return report::gradcheck_text(report, wants_color(options)); }},
                         {OutputFormat::json, [&] { return report::gradcheck_json(report); }}});
  return report::passed(report) ? Status::done : Status::check_failed;
}

}  // namespace

Command gradcheck_command() {
  return {.name = "gradcheck",
          .arguments = "-l SPEC [OPTIONS] [FILE...]",
          .summary = "check a gradient, losscalc's own or yours, against numerical derivatives",
          .examples = {"losscalc gradcheck -l focal --gamma 1.5 -p probs.csv -t labels.csv",
                       "losscalc gradcheck -l cross-entropy --from logits -p z.npy -t y.npy --grad "
                       "dz.npy",
                       "losscalc gradcheck -l triplet --random 64x16 --regime kinks",
                       "losscalc gradcheck --all"},
          .options = with_inputs(
              {option::random,
               option::regime,
               option::all,
               option::grad,
               option::exec,
               option::timeout,
               option::wrt,
               option::method,
               option::step,
               option::rtol,
               option::entries,
               option::seed,
               option::sweep,
               option::plot,
               option::hessian,
               option::strict.under("Check").with_help("fail if an entry is inconclusive"),
               option::json,
               option::output,
               option::threads,
               option::quiet}),
          .takes_loss_options = true,
          .operands = any,
          .run = run_gradcheck};
}

}  // namespace losscalc::commands
