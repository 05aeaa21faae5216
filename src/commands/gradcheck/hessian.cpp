#include "commands/gradcheck/hessian.h"

#include <algorithm>
#include <cmath>

#include "checking/own_program.h"
#include "commands/gradcheck/options.h"
#include "commands/output/format.h"
#include "commands/output/result.h"
#include "differentiation/hessian.h"
#include "report/gradcheck.h"

namespace losscalc::commands {
namespace {

constexpr std::size_t pairs = 8;

Status report_on(const differentiation::HessianResult& result, const std::string& subject,
                 const ParsedOptions& options) {
  const report::HessianReport report{
      .subject = subject, .seed = seed_of(options), .result = result};
  print_result(options, {{OutputFormat::text, [&] { return report::hessian_text(report); }},
                         {OutputFormat::json, [&] { return report::hessian_json(report); }}});
  return report::hessian_passed(report) ? Status::done : Status::check_failed;
}

}  // namespace

Status run_hessian(const checking::GradientCheck& check, const std::string& subject,
                   ProgressLine& line, const ParsedOptions& options) {
  const differentiation::Differentiated f{
      .value = [&](std::span<const double> moves) { return check.moved(moves).value(); },
      .gradient =
          [&](std::span<const double> moves) {
            std::vector<double> all;
            for (const std::vector<double>& array :
                 check.gradients(check.moved(moves), DerivativeBy::analytic))
              all.insert(all.end(), array.begin(), array.end());
            return all;
          }};
  const differentiation::HessianResult result =
      differentiation::check_hessian(f, check.scales(), pairs, seed_of(options));
  line.clear();
  return report_on(result, subject, options);
}

Status run_program_hessian(process::Program& program, const process::Arrays& inputs,
                           const std::string& subject, const ParsedOptions& options) {
  const auto prediction = inputs.find("pred");
  const process::Array& first = (prediction == inputs.end() ? inputs.begin() : prediction)->second;
  const std::size_t samples = first.shape.empty() ? 1 : first.shape.front();
  const std::vector<std::string> names = checking::differentiated_inputs(
      program.ask(inputs, true, samples), listed(options, option::wrt));
  std::vector<double> scales;
  for (const std::string& name : names) {
    for (const double x : inputs.find(name)->second.values)
      scales.push_back(std::max(1.0, std::fabs(x)));
  }
  if (scales.empty())
    throw Error(ErrorCode::no_data, "the program's gradients have no entry that could be checked");
  const auto ask = [&](std::span<const double> moves, bool with_gradient) {
    process::Arrays moved = inputs;
    for (const std::string& name : names) {
      std::vector<double>& values = moved.find(name)->second.values;
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += moves[i];
      moves = moves.subspan(values.size());
    }
    return program.ask(moved, with_gradient, samples);
  };
  const differentiation::Differentiated f{
      .value = [&](std::span<const double> moves) { return ask(moves, false).value; },
      .gradient =
          [&](std::span<const double> moves) {
            const process::Reply reply = ask(moves, true);
            std::vector<double> all;
            for (const std::string& name : names) {
              const auto gradient = reply.gradient.find(name);
              if (gradient == reply.gradient.end()) {
                throw Error(ErrorCode::program_failed, "the program gave the gradient by '" + name +
                                                           "' at first, and not later");
              }
              all.insert(all.end(), gradient->second.begin(), gradient->second.end());
            }
            return all;
          }};
  return report_on(differentiation::check_hessian(f, scales, pairs, seed_of(options)), subject,
                   options);
}

}  // namespace losscalc::commands
