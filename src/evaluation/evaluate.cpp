#include "evaluation/evaluate.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "evaluation/pass.h"
#include "evaluation/pass_value.h"
#include "evaluation/run.h"

namespace losscalc::evaluation {
namespace {

void add_sample_rows(Pass& pass, std::vector<Row>& rows) {
  emit_sample_rows(pass, 0);
  if (rows.empty()) {
    rows = std::move(pass.rows);
    return;
  }
  if (rows.size() != pass.rows.size()) {
    throw Error(ErrorCode::not_supported,
                "--per-sample needs terms over the same samples; these have " +
                    std::to_string(rows.size()) + " and " + std::to_string(pass.rows.size()));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].loss += pass.rows[i].loss;
}

void add_class_rows(const Pass& pass, std::vector<Row>& rows) {
  const double factor = pass.term->coefficient * value_factor(pass, row_reduction(*pass.term));
  const bool first = rows.empty();
  if (!first && rows.size() != pass.totals.by_class.size()) {
    throw Error(ErrorCode::not_supported,
                "--per-class needs terms over the same classes; these have " +
                    std::to_string(rows.size()) + " and " +
                    std::to_string(pass.totals.by_class.size()));
  }
  for (std::size_t c = 0; c < pass.totals.by_class.size(); ++c) {
    const UnitSums& sums = pass.totals.by_class[c];
    const double loss =
        factor * pass.outputs.rooted(reduced(sums, row_reduction(*pass.term), pass.samples));
    if (!first) {
      rows[c].loss += loss;
    } else {
      rows.push_back(
          {.index = c, .loss = loss, .weight = sums.weight.value(), .units = sums.units});
    }
  }
}

/// Whether a term's table can stand beside others: penalties have neither samples nor classes.
bool has_rows(const Pass& pass) { return pass.term->loss->domain != Domain::parameters; }

void add_losses(const Pass& pass, Report& report) {
  const bool none = pass.term->conventions.reduction == Reduction::none;
  const std::vector<double> losses = none ? unit_losses(pass) : values_of_outputs(pass);
  const Shape shape = none ? losses_shape(pass) : Shape{losses.size()};
  if (report.losses.empty() && report.terms.size() == 1) {
    report.shape = shape;
    report.losses.assign(losses.size(), 0.0);
  }
  if (shape != report.shape) {
    throw Error(ErrorCode::not_supported,
                "arrays of losses are added where their shapes are the same; these have shapes " +
                    to_string(report.shape) + " and " + to_string(shape));
  }
  for (std::size_t i = 0; i < losses.size(); ++i)
    report.losses[i] += pass.term->coefficient * losses[i];
}

void warn(const Pass& pass, std::vector<Warning>& warnings) {
  pass.driver->warn(pass.totals, warnings);
  const DataIssueCount& bad = pass.totals.issues[DataIssue::non_finite_loss];
  if (bad.count == 0) return;
  const std::string loss(pass.term->loss->description.name);
  warnings.push_back(
      {"non-finite", loss + (bad.count == 1 ? ": the loss of " : ": the losses of ") +
                         counted(bad.count, "unit is", "units are") +
                         " infinite or NaN, first at unit " + std::to_string(bad.first)});
}

void require_tables(const std::vector<Pass>& passes, const Request& request) {
  if (!request.per_sample && !request.per_class) return;
  if (std::ranges::any_of(passes, has_rows)) return;
  throw Error(ErrorCode::not_supported, "a penalty on weights has neither samples nor classes");
}

PassOutputs tables_of(const Pass& pass, const Request& request) {
  return {.by_sample = request.per_sample && has_rows(pass),
          .by_class = request.per_class && has_rows(pass)};
}

/// Runs over the data of all terms.
std::vector<Pass> passes_over(const std::vector<Term>& terms, const Request& request, Keep keep) {
  std::vector<Pass> passes = make_passes(terms);
  require_tables(passes, request);
  Progress progress(request, passes);
  for (Pass& pass : passes) {
    run(pass, with_room(pass, tables_of(pass, request)), request, keep, progress);
  }
  return passes;
}

Report report_of(std::vector<Pass>& passes, const Request& request) {
  Report report;
  for (Pass& pass : passes) {
    PassOutputs tables = tables_of(pass, request);
    tables.losses = pass.losses;
    pass.driver->finish(tables, pass.totals);
    const UnitSums& total = pass.totals.total;
    const TermReport& term = report.terms.emplace_back(TermReport{.value = value_of(pass),
                                                                  .samples = pass.samples,
                                                                  .units = total.units,
                                                                  .weight = total.weight.value(),
                                                                  .ignored = total.ignored});
    report.value += pass.term->coefficient * term.value;
    if (has_rows(pass) && report.units == 0) {
      report.samples = term.samples;
      report.units = term.units;
      report.weight = term.weight;
    }
    if (tables.by_sample) add_sample_rows(pass, report.per_sample);
    if (tables.by_class) add_class_rows(pass, report.per_class);
    if (gives_array(pass.term->conventions)) add_losses(pass, report);
    warn(pass, report.warnings);
  }
  return report;
}

}  // namespace

Report evaluate(const std::vector<Term>& terms, const Request& request) {
  if (request.shard.count > 1) require_sums(terms);
  std::vector<Pass> passes = passes_over(terms, request, Keep::rows);
  return report_of(passes, request);
}

std::vector<Partial> accumulate(const std::vector<Term>& terms, const Request& request) {
  require_sums(terms);
  std::vector<Partial> partials;
  for (Pass& pass : passes_over(terms, request, Keep::sums))
    partials.push_back(std::move(pass.totals));
  return partials;
}

Report finish(const std::vector<Term>& terms, std::vector<Partial> partials,
              const Request& request) {
  std::vector<Pass> passes = make_passes(terms);
  require_tables(passes, request);
  for (std::size_t k = 0; k < passes.size(); ++k) {
    passes[k].samples = passes[k].driver->samples();
    passes[k].totals = std::move(partials[k]);
    passes[k].driver->raise(passes[k].totals.issues);
  }
  return report_of(passes, request);
}

}  // namespace losscalc::evaluation
