#include "evaluation/pass.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/messages.h"
#include "evaluation/parallel.h"
#include "evaluation/ranges.h"

namespace losscalc::evaluation {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

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

}  // namespace

Reduction reduction_of(const Term& term) {
  const bool never_averaged = term.loss->domain == Domain::parameters;
  return never_averaged && term.choices.reduction != Reduction::none ? Reduction::sum
                                                                     : term.choices.reduction;
}

Reduction row_reduction(const Term& term) {
  return term.choices.reduction == Reduction::none ? Reduction::mean : term.choices.reduction;
}

Progress::Progress(const Request& request, const std::vector<Pass>& passes)
    : show_(request.progress) {
  for (const Pass& pass : passes) {
    const Range items = items_of(*pass.evaluator, request.shard);
    total_ += items.last - items.first;
  }
}

void Progress::advance(std::size_t items) {
  done_ += items;
  if (show_ && total_ > 0) show_(static_cast<double>(done_) / static_cast<double>(total_));
}

bool needs_outputs(const Pass& pass) {
  return pass.term->choices.root && pass.evaluator->unit_shape().size() > 1;
}

void seal_samples(Pass& pass, std::size_t open) {
  std::vector<SampleSums>& sums = pass.totals.by_sample;
  if (sums.size() <= open) return;
  const double factor = pass.term->coefficient * value_factor(pass, row_reduction(*pass.term));
  const auto end = sums.end() - static_cast<std::ptrdiff_t>(open);
  for (auto entry = sums.begin(); entry != end; ++entry) {
    Row row{.index = entry->sample,
            .loss = factor * reduced(entry->sums, row_reduction(*pass.term), 1),
            .weight = entry->sums.weight.value(),
            .units = entry->sums.units};
    if (!std::isnan(entry->target)) row.target = entry->target;
    if (!std::isnan(entry->predicted)) row.predicted = entry->predicted;
    pass.rows.push_back(row);
  }
  sums.erase(sums.begin(), end);
}

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

namespace {

/// A root is of a mean alone, whose outputs weigh alike.
void check_root(const Term& term) {
  if (!term.choices.root) return;
  const bool is_mean =
      term.choices.reduction == Reduction::mean || term.choices.reduction == Reduction::count_mean;
  if (term.inputs.contains("element_weight")) {
    throw Error(ErrorCode::not_supported,
                std::string(term.loss->description.name) +
                    ": root=true takes no element_weight: weights of outputs would cancel");
  }
  if (is_mean && term.choices.rows == RowUnit::each) return;
  throw Error(ErrorCode::not_supported,
              std::string(term.loss->description.name) +
                  ": root=true is of a mean: reduction=mean or count-mean, and rows=each");
}

}  // namespace

std::vector<Pass> make_passes(const std::vector<Term>& terms) {
  for (const Term& term : terms) check_root(term);
  std::vector<Pass> passes;
  passes.reserve(terms.size());
  for (const Term& term : terms)
    passes.push_back({.term = &term, .evaluator = make_evaluator(term)});
  return passes;
}

double value_factor(const Pass& pass, Reduction reduction) {
  const Choices& choices = pass.term->choices;
  const Shape shape = pass.evaluator->unit_shape();
  const double length = shape.empty() ? 1.0 : static_cast<double>(shape.back());
  if (choices.rows == RowUnit::each || length == 0.0) return choices.scale;
  const bool over_units = reduction == Reduction::mean || reduction == Reduction::count_mean;
  if (choices.rows == RowUnit::mean) return over_units ? choices.scale : choices.scale / length;
  return over_units ? choices.scale * length : choices.scale;
}

Shape losses_shape(const Pass& pass) {
  Shape shape = pass.evaluator->unit_shape();
  if (pass.term->choices.rows != RowUnit::each && !shape.empty()) shape.pop_back();
  return shape;
}

std::vector<double> unit_losses(const Pass& pass) {
  const std::size_t units = element_count(losses_shape(pass));
  const std::size_t length = units == 0 ? 0 : pass.losses.size() / units;
  const double factor = value_factor(pass, Reduction::none);
  std::vector<double> losses(units, 0.0);
  for (std::size_t i = 0; i < units; ++i) {
    for (std::size_t k = 0; k < length; ++k) losses[i] += pass.losses[i * length + k];
    losses[i] *= factor;
  }
  return losses;
}

double value_of(const Pass& pass) {
  const Reduction reduction = reduction_of(*pass.term);
  if (divisor(pass.totals.total, reduction, pass.samples) == 0.0) {
    switch (pass.term->choices.empty) {
      case WhenEmpty::error: throw_empty_mean(pass);
      case WhenEmpty::nan: return not_a_number;
      case WhenEmpty::zero: return 0.0;
    }
  }
  const double factor = value_factor(pass, reduction);
  if (!pass.term->choices.root) return factor * reduced(pass.totals.total, reduction, pass.samples);
  if (!needs_outputs(pass))
    return factor * std::sqrt(reduced(pass.totals.total, reduction, pass.samples));
  double sum = 0.0;
  for (const UnitSums& output : pass.totals.by_class)
    sum += std::sqrt(reduced(output, reduction, pass.samples));
  return factor * sum / static_cast<double>(pass.totals.by_class.size());
}

void require_one_reduction(const std::vector<Term>& terms) {
  const bool none = terms.front().choices.reduction == Reduction::none;
  for (const Term& term : terms) {
    if ((term.choices.reduction == Reduction::none) == none) continue;
    throw Error(ErrorCode::conflicting_arguments,
                "reduction none of one term can't be added to a reduced value of another");
  }
}

std::unique_ptr<Evaluator> make_evaluator(const Term& term, std::size_t most_items) {
  switch (term.loss->domain) {
    case Domain::elementwise: return make_elementwise_evaluator(term);
    case Domain::classwise: return make_classwise_evaluator(term, most_items);
    case Domain::region: return make_region_evaluator(term, most_items);
    case Domain::tuple: return make_tuple_evaluator(term);
    case Domain::batch: return make_batch_evaluator(term);
    case Domain::box: return make_box_evaluator(term);
    case Domain::parameters: return make_penalty_evaluator(term);
  }
  throw Error(ErrorCode::not_supported, "unknown domain");
}

}  // namespace losscalc::evaluation
