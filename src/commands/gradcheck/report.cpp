#include "commands/gradcheck/report.h"

#include "checking/diagnosis.h"
#include "commands/gradcheck/options.h"

namespace losscalc::commands {

report::GradientCheckReport report_of(const checking::GradientCheck& check,
                                      const differentiation::CheckRequest& request,
                                      const Checked& checked, const ParsedOptions& options) {
  report::GradientCheckReport report{.subject = checked.subject,
                                     .gradient = checked.gradient,
                                     .inputs = {},
                                     .method = method_name(request.method),
                                     .tolerance = checked.tolerance,
                                     .seed = request.seed,
                                     .strict = options.has(option::strict),
                                     .result = check.run()};
  for (const checking::DifferentiableInput& input : check.inputs())
    report.inputs.push_back({input.name, input.data.shape});
  if (checked.explained_by != nullptr && report.result.counts.failed > 0)
    report.diagnosis = checking::diagnosis_of(check, *checked.explained_by);
  return report;
}

std::optional<double> given_tolerance(const ParsedOptions& options) {
  if (!options.has(option::rtol)) return std::nullopt;
  return positive_number(options, option::rtol, 0.0);
}

std::string random_subject(const std::string& loss, const std::string& regime) {
  return loss + " on random data, regime " + regime;
}

}  // namespace losscalc::commands
