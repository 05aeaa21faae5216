#include "evaluation/run.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/parallel.h"
#include "evaluation/pass_value.h"
#include "evaluation/ranges.h"

namespace losscalc::evaluation {
namespace {

/// What a sample's sums make of its row, without factors.
double row_value(const Pass& pass, const UnitSums& sums) {
  if (pass.outputs.has_unit_rows()) return sums.loss.value();
  return pass.outputs.rooted(reduced(sums, row_reduction(*pass.term), 1));
}

void check_rows(const Pass& pass, const PassOutputs& tables) {
  if (!rows_of(pass).reduces_samples() || !tables.by_sample) return;
  throw Error(ErrorCode::not_supported,
              std::string(pass.term->loss->description.name) +
                  ": --per-sample needs separate samples, but the rows along axis 0 combine them");
}

}  // namespace

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

void run(Pass& pass, const PassOutputs& tables, const Request& request, Keep keep,
         Progress& progress) {
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

PassOutputs with_room(Pass& pass, PassOutputs tables) {
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

}  // namespace losscalc::evaluation
