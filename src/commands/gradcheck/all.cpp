#include "commands/gradcheck/all.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "commands/gradcheck/inputs.h"
#include "commands/gradcheck/options.h"
#include "commands/gradcheck/report.h"
#include "commands/output/progress_line.h"
#include "commands/output/result.h"
#include "report/gradcheck.h"

namespace losscalc::commands {
namespace {

using generation::Regime;

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

}  // namespace

Status check_all(const ParsedOptions& options) {
  const differentiation::CheckRequest request = request_of(options);
  const std::size_t entries = options.count(option::entries).value_or(2000);
  differentiation::CheckRequest whole = request;
  whole.entries = 0;
  std::vector<Regime> chosen{Regime::ordinary, Regime::extreme, Regime::kinks};
  if (options.has(option::regime)) chosen = {regime_of(options)};
  const std::optional<double> tolerance = given_tolerance(options);
  ProgressLine line(!options.has(option::quiet));
  const std::vector<spec::Term> terms = all_terms();
  std::vector<report::GradientCheckReport> reports;
  for (const spec::Term& term : terms) {
    for (const Regime regime : chosen) {
      const BoundTerms bound = bind_random({term}, std::nullopt, entries, regime, request.seed);
      const checking::GradientCheck check(bound, {}, {}, whole, tolerance);
      reports.push_back(
          report_of(check, whole,
                    {.subject = random_subject(spec::to_string(term), regime_name(regime)),
                     .tolerance = tolerance.value_or(Checked{}.tolerance)},
                    options));
      line.show(static_cast<double>(reports.size()) /
                static_cast<double>(terms.size() * chosen.size()));
    }
  }
  line.clear();
  print_result(options,
               {{OutputFormat::text, [&] { return report::gradcheck_all_text(reports); }},
                {OutputFormat::json, [&] { return report::gradcheck_all_json(reports); }}});
  return std::ranges::all_of(reports, report::passed) ? Status::done : Status::check_failed;
}

}  // namespace losscalc::commands
