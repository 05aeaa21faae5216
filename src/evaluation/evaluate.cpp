#include "evaluation/evaluate.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/evaluator.h"
#include "evaluation/messages.h"
#include "evaluation/parallel.h"
#include "evaluation/ranges.h"

namespace losscalc::evaluation {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A term with its driver and, after the pass over its data, its sums.
struct Pass {
  const Term* term = nullptr;
  std::unique_ptr<Evaluator> evaluator;
  std::size_t samples = 0;  ///< those of the shard
  Partial totals = {};
  std::vector<double> losses = {};  ///< under reduction none
  std::vector<Row> rows = {};       ///< of the samples that are complete
};

Reduction reduction_of(const Term& term) {
  const bool never_averaged = term.loss->domain == Domain::parameters;
  return never_averaged && term.choices.reduction != Reduction::none ? Reduction::sum
                                                                     : term.choices.reduction;
}

/// Shows the share of all terms' items that is done.
class Progress {
 public:
  Progress(const Request& request, const std::vector<Pass>& passes) : show_(request.progress) {
    for (const Pass& pass : passes) {
      const Range items = items_of(*pass.evaluator, request.shard);
      total_ += items.last - items.first;
    }
  }
  void advance(std::size_t items) {
    done_ += items;
    if (show_ && total_ > 0) show_(static_cast<double>(done_) / static_cast<double>(total_));
  }

 private:
  const std::function<void(double)>& show_;
  std::size_t total_ = 0;
  std::size_t done_ = 0;
};

/// The reduction of a table's row. An array of unit losses has no value to give a row; its mean is
/// shown.
Reduction row_reduction(const Term& term) {
  return term.choices.reduction == Reduction::none ? Reduction::mean : term.choices.reduction;
}

/// Rows of the table by sample for the samples before the last `open` ones, whose sums are dropped.
void seal_samples(Pass& pass, std::size_t open) {
  std::vector<SampleSums>& sums = pass.totals.by_sample;
  if (sums.size() <= open) return;
  const auto end = sums.end() - static_cast<std::ptrdiff_t>(open);
  for (auto entry = sums.begin(); entry != end; ++entry) {
    Row row{.index = entry->sample,
            .loss = pass.term->coefficient * reduced(entry->sums, row_reduction(*pass.term), 1),
            .weight = entry->sums.weight.value(),
            .units = entry->sums.units};
    if (!std::isnan(entry->target)) row.target = entry->target;
    if (!std::isnan(entry->predicted)) row.predicted = entry->predicted;
    pass.rows.push_back(row);
  }
  sums.erase(sums.begin(), end);
}

/// What is kept of a pass.
enum class Keep : std::uint8_t {
  all,   ///< for derivatives, which need the sums of every map
  sums,  ///< for a partial: no maps but those that span samples
  rows,  ///< for a report: of samples, their rows alone
};

/// Sums up the shard's items.
void run(Pass& pass, const Tables& tables, const Request& request, Keep keep, Progress& progress) {
  const Evaluator& evaluator = *pass.evaluator;
  const Range items = items_of(evaluator, request.shard);
  const Range samples = samples_of(evaluator, request.shard);
  pass.samples = samples.last - samples.first;
  // At most `threads` chunks are out at a time, so each finds its own slot.
  std::vector<Partial> slots(std::max(request.threads, std::size_t{1}));
  for_each_in_order(
      chunk_count(evaluator, items), request.threads,
      [&](std::size_t number) {
        Partial partial;
        const Range part = chunk(evaluator, items, number);
        evaluator.accumulate(part.first, part.last, tables, partial);
        slots[number % slots.size()] = std::move(partial);
      },
      [&](std::size_t number) {
        pass.totals.merge(slots[number % slots.size()]);
        const Range part = chunk(evaluator, items, number);
        if (keep != Keep::all) evaluator.settle(part.last, tables, pass.totals);
        if (keep == Keep::rows) seal_samples(pass, 1);
        progress.advance(part.last - part.first);
      });
  evaluator.raise(pass.totals.findings);
}

std::vector<Pass> make_passes(const std::vector<Term>& terms) {
  std::vector<Pass> passes;
  passes.reserve(terms.size());
  for (const Term& term : terms)
    passes.push_back({.term = &term, .evaluator = make_evaluator(term)});
  return passes;
}

[[noreturn]] void throw_empty_mean(const Pass& pass) {
  const UnitSums& sums = pass.totals.total;
  const std::string loss(pass.term->loss->description.name);
  std::string message = loss + ": the mean of no unit is undefined: ";
  if (sums.units > 0) {
    message += "all weights are 0";
  } else if (sums.ignored > 0) {
    message += counted(sums.ignored, "unit is", "units are") + " ignored and none is left";
  } else {
    message += "there are no samples";
  }
  const Data* prediction = nullptr;
  const auto found = pass.term->inputs.find("pred");
  if (found != pass.term->inputs.end() && !found->second.empty())
    prediction = &found->second.front();
  throw Error(ErrorCode::empty_mean, message, prediction != nullptr ? prediction->whole : Place{},
              "add --empty zero or --empty nan for what other libraries give, or --reduction sum");
}

/// The value of one term, with what `empty` says where there is nothing to average.
double value_of(const Pass& pass) {
  const Reduction reduction = reduction_of(*pass.term);
  if (divisor(pass.totals.total, reduction, pass.samples) == 0.0) {
    switch (pass.term->choices.empty) {
      case WhenEmpty::error: throw_empty_mean(pass);
      case WhenEmpty::nan: return not_a_number;
      case WhenEmpty::zero: return 0.0;
    }
  }
  return reduced(pass.totals.total, reduction, pass.samples);
}

void add_sample_rows(Pass& pass, std::vector<Row>& rows) {
  seal_samples(pass, 0);
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
  const double coefficient = pass.term->coefficient;
  const bool first = rows.empty();
  if (!first && rows.size() != pass.totals.by_class.size()) {
    throw Error(ErrorCode::not_supported,
                "--per-class needs terms over the same classes; these have " +
                    std::to_string(rows.size()) + " and " +
                    std::to_string(pass.totals.by_class.size()));
  }
  for (std::size_t c = 0; c < pass.totals.by_class.size(); ++c) {
    const UnitSums& sums = pass.totals.by_class[c];
    const double loss = coefficient * reduced(sums, row_reduction(*pass.term), pass.samples);
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
  const Shape shape = pass.evaluator->unit_shape();
  if (report.losses.empty() && report.terms.size() == 1) {
    report.shape = shape;
    report.losses.assign(pass.losses.size(), 0.0);
  }
  if (shape != report.shape) {
    throw Error(ErrorCode::not_supported,
                "reduction none needs terms with the same units; these have shapes " +
                    to_string(report.shape) + " and " + to_string(shape));
  }
  for (std::size_t i = 0; i < pass.losses.size(); ++i)
    report.losses[i] += pass.term->coefficient * pass.losses[i];
}

void warn(const Pass& pass, std::vector<Warning>& warnings) {
  pass.evaluator->warn(pass.totals, warnings);
  const FindingCount& bad = pass.totals.findings[Finding::non_finite_loss];
  if (bad.count == 0) return;
  const std::string loss(pass.term->loss->description.name);
  warnings.push_back(
      {"non-finite", loss + ": the loss of " + counted(bad.count, "unit is", "units are") +
                         " infinite or NaN, first at unit " + std::to_string(bad.first)});
}

void require_tables(const std::vector<Pass>& passes, const Request& request) {
  if (!request.per_sample && !request.per_class) return;
  if (std::ranges::any_of(passes, has_rows)) return;
  throw Error(ErrorCode::not_supported, "a penalty on weights has neither samples nor classes");
}

void require_one_reduction(const std::vector<Term>& terms) {
  const bool none = terms.front().choices.reduction == Reduction::none;
  for (const Term& term : terms) {
    if ((term.choices.reduction == Reduction::none) == none) continue;
    throw Error(ErrorCode::conflicting_arguments,
                "reduction none of one term can't be added to a reduced value of another");
  }
}

}  // namespace

std::unique_ptr<Evaluator> make_evaluator(const Term& term) {
  switch (term.loss->domain) {
    case Domain::elementwise: return make_elementwise_evaluator(term);
    case Domain::classwise: return make_classwise_evaluator(term);
    case Domain::region: return make_region_evaluator(term);
    case Domain::tuple: return make_tuple_evaluator(term);
    case Domain::box: return make_box_evaluator(term);
    case Domain::parameters: return make_penalty_evaluator(term);
  }
  throw Error(ErrorCode::not_supported, "unknown domain");
}

namespace {

Tables tables_of(const Pass& pass, const Request& request) {
  return {.by_sample = request.per_sample && has_rows(pass),
          .by_class = request.per_class && has_rows(pass)};
}

/// Runs over the data of all terms.
std::vector<Pass> passes_over(const std::vector<Term>& terms, const Request& request, Keep keep) {
  require_one_reduction(terms);
  std::vector<Pass> passes = make_passes(terms);
  require_tables(passes, request);
  Progress progress(request, passes);
  for (Pass& pass : passes) {
    Tables tables = tables_of(pass, request);
    if (pass.term->choices.reduction == Reduction::none) {
      pass.losses.resize(element_count(pass.evaluator->unit_shape()));
      tables.losses = pass.losses;
    }
    run(pass, tables, request, keep, progress);
  }
  return passes;
}

Report report_of(std::vector<Pass>& passes, const Request& request) {
  Report report;
  for (Pass& pass : passes) {
    Tables tables = tables_of(pass, request);
    tables.losses = pass.losses;
    pass.evaluator->complete(tables, pass.totals);
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
    if (pass.term->choices.reduction == Reduction::none) add_losses(pass, report);
    warn(pass, report.warnings);
  }
  return report;
}

/// An array of unit losses belongs to all samples.
void require_sums(const std::vector<Term>& terms) {
  if (terms.front().choices.reduction != Reduction::none) return;
  throw Error(ErrorCode::not_supported,
              "a part of the samples has no array of unit losses: reduction none needs all of them",
              {}, "take --reduction mean or sum, with --per-sample for the single losses");
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
    passes[k].samples = passes[k].evaluator->samples();
    passes[k].totals = std::move(partials[k]);
    passes[k].evaluator->raise(passes[k].totals.findings);
  }
  return report_of(passes, request);
}

void add_gradient(const std::vector<Term>& terms, std::size_t threads,
                  const GradientBuffer& buffer) {
  require_one_reduction(terms);
  std::vector<Pass> passes = make_passes(terms);
  const Request request{.threads = threads};
  Progress progress(request, passes);
  for (std::size_t k = 0; k < passes.size(); ++k) {
    Pass& pass = passes[k];
    run(pass, Tables{}, request, Keep::all, progress);
    pass.evaluator->complete(Tables{}, pass.totals);
    const double by = divisor(pass.totals.total, reduction_of(*pass.term), pass.samples);
    if (by == 0.0) {
      value_of(pass);  // throws unless a mean of nothing was asked to be NaN or 0, which has no
                       // derivative
      continue;
    }
    GradientPass gradient{.scale = pass.term->coefficient / by, .totals = &pass.totals};
    gradient.buffer = [&buffer, k](std::string_view role, std::size_t position) {
      return buffer(k, role, position);
    };
    const Range items{0, pass.evaluator->items()};
    for_each_in_order(
        chunk_count(*pass.evaluator, items), threads,
        [&](std::size_t number) {
          const Range part = chunk(*pass.evaluator, items, number);
          pass.evaluator->add_gradient(part.first, part.last, gradient);
        },
        [](std::size_t) {});
  }
}

}  // namespace losscalc::evaluation
