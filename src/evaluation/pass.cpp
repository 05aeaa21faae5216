#include "evaluation/pass.h"

#include <string>

#include "diagnostics/error.h"
#include "evaluation/domains/make_driver.h"

namespace losscalc::evaluation {
namespace {

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

}  // namespace

void require_sums(const std::vector<Term>& terms) {
  for (const Term& term : terms) {
    if (term.conventions.reduction != Reduction::median) continue;
    throw Error(ErrorCode::not_supported,
                std::string(term.loss->description.name) +
                    ": the median can't be computed from parts of the samples",
                {}, "compute it without --shard, or use --reduction mean or sum");
  }
  if (terms.front().conventions.reduction != Reduction::none) return;
  throw Error(ErrorCode::not_supported,
              "a part of the samples has no array of unit losses: reduction none needs all of them",
              {},
              "use --reduction mean or sum, with --per-sample for the losses of single samples");
}

std::vector<Pass> make_passes(const std::vector<Term>& terms) {
  require_one_reduction(terms);
  std::vector<Pass> passes;
  passes.reserve(terms.size());
  for (const Term& term : terms)
    passes.push_back({.term = &term, .driver = make_driver(term), .outputs = OutputRule(term)});
  return passes;
}

}  // namespace losscalc::evaluation
