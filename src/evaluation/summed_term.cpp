#include "evaluation/summed_term.h"

#include <algorithm>
#include <utility>

#include "evaluation/pass_value.h"
#include "evaluation/ranges.h"
#include "evaluation/run.h"

namespace losscalc::evaluation {
namespace {

bool is_of_sums(Reduction reduction) {
  return reduction != Reduction::none && reduction != Reduction::median;
}

/// Data that don't fit a loss mostly show it at once.
void check_first_block(const Driver& driver, const Request& request) {
  const Range items = items_of(driver, request.shard);
  const std::size_t last = items.first + driver.items_per_block();
  if (last >= items.last) return;
  Partial partial;
  driver.accumulate(items.first, last, {}, partial);
  driver.raise(partial.issues);
}

}  // namespace

Conventions before_reduction(Conventions conventions) {
  const Conventions defaults;
  if (is_of_sums(conventions.reduction)) conventions.reduction = defaults.reduction;
  conventions.scale = defaults.scale;
  conventions.empty = defaults.empty;
  return conventions;
}

SummedTerm::SummedTerm(Term term, const Request& request)
    : terms_{std::move(term)}, passes_(make_passes(terms_)) {
  if (request.shard.count > 1) require_sums(terms_);
  Pass& pass = passes_.front();
  check_first_block(*pass.driver, request);
  const PassOutputs outputs = with_room(pass, {});
  Progress progress(request, passes_);
  run(pass, outputs, request, Keep::sums, progress);
  pass.driver->finish({.losses = pass.losses}, pass.totals);
}

double SummedTerm::value(const Conventions& conventions) {
  Conventions& own = terms_.front().conventions;
  own.reduction = conventions.reduction;
  own.scale = conventions.scale;
  own.empty = conventions.empty;
  // A sum of one, which has no negative zero.
  return 0.0 + terms_.front().coefficient * value_of(passes_.front());
}

}  // namespace losscalc::evaluation
