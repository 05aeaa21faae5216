#include "evaluation/pass.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "evaluation/parallel.h"
#include "evaluation/ranges.h"
#include "evaluation/reduction/axis_reduction.h"
#include "numeric/limits.h"

namespace losscalc::evaluation {
namespace {

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

/// What a sample's sums make of its row, without factors.
double row_value(const Pass& pass, const UnitSums& sums) {
  if (pass.outputs.has_unit_rows()) return sums.loss.value();
  return pass.outputs.rooted(reduced(sums, row_reduction(*pass.term), 1));
}

double of_nothing(const Pass& pass) {
  switch (pass.term->conventions.empty) {
    case WhenEmpty::error: throw_empty_mean(pass);
    case WhenEmpty::nan: return not_a_number;
    case WhenEmpty::zero: break;
  }
  return 0.0;
}

/// Rows are summed up after their units: units are elements.
AxisReduction rows_of(const Pass& pass) {
  return {pass.term->conventions, pass.driver->unit_shape()};
}

void check_rows(const Pass& pass, const Tables& tables) {
  if (!rows_of(pass).join_samples() || !tables.by_sample) return;
  throw Error(ErrorCode::not_supported,
              std::string(pass.term->loss->description.name) +
                  ": --per-sample: rows along axis 0 join units of all samples");
}

}  // namespace

Reduction reduction_of(const Term& term) {
  const bool never_averaged = term.loss->domain == Domain::parameters;
  return never_averaged && term.conventions.reduction != Reduction::none
             ? Reduction::sum
             : term.conventions.reduction;
}

Reduction row_reduction(const Term& term) {
  return term.conventions.reduction == Reduction::none ? Reduction::mean
                                                       : term.conventions.reduction;
}

Progress::Progress(const Request& request, const std::vector<Pass>& passes)
    : show_(request.progress) {
  for (const Pass& pass : passes) {
    const Range items = items_of(*pass.driver, request.shard);
    total_ += items.last - items.first;
  }
}

void Progress::advance(std::size_t items) {
  done_ += items;
  if (show_ && total_ > 0) show_(static_cast<double>(done_) / static_cast<double>(total_));
}

void emit_sample_rows(Pass& pass, std::size_t open) {
  std::vector<SampleSums>& sums = pass.totals.by_sample;
  if (sums.size() <= open) return;
  const double factor = pass.term->coefficient * value_factor(pass, row_reduction(*pass.term));
  const auto end = sums.end() - static_cast<std::ptrdiff_t>(open);
  for (auto entry = sums.begin(); entry != end; ++entry) {
    Row row{.index = entry->sample,
            .loss = factor * row_value(pass, entry->sums),
            .weight = entry->sums.weight.value(),
            .units = entry->sums.units};
    if (!std::isnan(entry->target)) row.target = entry->target;
    if (!std::isnan(entry->predicted)) row.predicted = entry->predicted;
    pass.rows.push_back(row);
  }
  sums.erase(sums.begin(), end);
}

void run(Pass& pass, const Tables& tables, const Request& request, Keep keep, Progress& progress) {
  const Driver& driver = *pass.driver;
  const Range items = items_of(driver, request.shard);
  const Range samples = samples_of(driver, request.shard);
  pass.samples = samples.last - samples.first;
  // At most `threads` chunks are out at a time, so each finds its own slot.
  std::vector<Partial> slots(std::max(request.threads, std::size_t{1}));
  for_each_in_order(
      chunk_count(driver, items), request.threads,
      [&](std::size_t number) {
        Partial partial;
        const Range part = chunk(driver, items, number);
        driver.accumulate(part.first, part.last, tables, partial);
        slots[number % slots.size()] = std::move(partial);
      },
      [&](std::size_t number) {
        pass.totals.merge(slots[number % slots.size()]);
        const Range part = chunk(driver, items, number);
        if (keep != Keep::all) driver.reduce_finished_samples(part.last, tables, pass.totals);
        if (keep == Keep::rows) emit_sample_rows(pass, 1);
        progress.advance(part.last - part.first);
      });
  driver.raise(pass.totals.issues);
}

std::vector<Pass> make_passes(const std::vector<Term>& terms) {
  std::vector<Pass> passes;
  passes.reserve(terms.size());
  for (const Term& term : terms)
    passes.push_back({.term = &term, .driver = make_driver(term), .outputs = OutputRule(term)});
  return passes;
}

double value_factor(const Pass& pass, Reduction reduction) {
  const Conventions& conventions = pass.term->conventions;
  const AxisReduction rows = rows_of(pass);
  const auto length = static_cast<double>(rows.length());
  if (!rows.join() || length == 0.0) return conventions.scale;
  const bool over_units = reduction == Reduction::mean || reduction == Reduction::count_mean;
  if (conventions.rows == AxisReduce::mean)
    return over_units ? conventions.scale : conventions.scale / length;
  return over_units ? conventions.scale * length : conventions.scale;
}

Shape losses_shape(const Pass& pass) { return rows_of(pass).shape(); }

std::vector<double> unit_losses(const Pass& pass) {
  const AxisReduction rows = rows_of(pass);
  std::vector<double> losses(element_count(rows.shape()), 0.0);
  for (std::size_t unit = 0; unit < pass.losses.size(); ++unit)
    losses[rows.row_of(unit)] += pass.losses[unit];
  const double factor = value_factor(pass, Reduction::none);
  for (double& loss : losses) loss *= factor;
  return losses;
}

double value_of(const Pass& pass) {
  if (pass.outputs.applies()) {
    const std::vector<double> values = values_of_outputs(pass);
    double value = 0.0;
    for (std::size_t k = 0; k < values.size(); ++k) value += pass.outputs.share(k) * values[k];
    return value;
  }
  const Reduction reduction = reduction_of(*pass.term);
  if (divisor(pass.totals.total, reduction, pass.samples) == 0.0) return of_nothing(pass);
  return value_factor(pass, reduction) * reduced(pass.totals.total, reduction, pass.samples);
}

std::vector<double> values_of_outputs(const Pass& pass) {
  return output_values(pass, [&pass] { return of_nothing(pass); });
}

Tables with_room(Pass& pass, Tables tables) {
  pass.outputs.check_tables(tables.by_sample, tables.by_class);
  check_rows(pass, tables);
  const bool none = pass.term->conventions.reduction == Reduction::none;
  if (!none && !pass.outputs.keeps_losses()) return tables;
  pass.losses.resize(element_count(pass.driver->unit_shape()));
  tables.losses = pass.losses;
  if (none) return tables;
  pass.weights.resize(pass.losses.size());
  tables.weights = pass.weights;
  return tables;
}

void require_one_reduction(const std::vector<Term>& terms) {
  const bool none = terms.front().conventions.reduction == Reduction::none;
  for (const Term& term : terms) {
    if ((term.conventions.reduction == Reduction::none) == none) continue;
    throw Error(ErrorCode::conflicting_arguments,
                "reduction none of one term can't be added to a reduced value of another");
  }
  const bool each = terms.front().conventions.outputs == Outputs::each;
  for (const Term& term : terms) {
    if ((term.conventions.outputs == Outputs::each) == each) continue;
    throw Error(ErrorCode::conflicting_arguments,
                "the values of each output of one term can't be added to the one value of another");
  }
}

std::unique_ptr<Driver> make_driver(const Term& term, std::size_t max_items) {
  switch (term.loss->domain) {
    case Domain::elementwise: return make_elementwise_driver(term);
    case Domain::classwise: return make_classwise_driver(term, max_items);
    case Domain::region: return make_region_driver(term, max_items);
    case Domain::tuple: return make_tuple_driver(term);
    case Domain::batch: return make_batch_driver(term);
    case Domain::sequence: return make_sequence_driver(term);
    case Domain::box: return make_box_driver(term);
    case Domain::parameters: return make_penalty_driver(term);
  }
  throw Error(ErrorCode::not_supported, "unknown domain");
}

}  // namespace losscalc::evaluation
