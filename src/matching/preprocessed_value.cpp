#include "matching/preprocessed_value.h"

#include <cmath>
#include <utility>

#include "evaluation/evaluate.h"
#include "matching/preprocessed_data.h"

namespace losscalc::matching {
namespace {

using evaluation::Term;

std::optional<double> mean_of_means(const Term& term, std::size_t parts, std::size_t threads) {
  const Reduction reduction = term.conventions.reduction;
  if (reduction != Reduction::mean && reduction != Reduction::count_mean) return {};
  double sum = 0.0;
  std::size_t count = 0;
  const auto add = [&](double mean) {
    if (std::isnan(mean)) return;
    sum += mean;
    ++count;
  };
  if (parts == 0) {
    const evaluation::Report report =
        evaluation::evaluate({term}, {.per_sample = true, .threads = threads});
    for (const evaluation::Row& row : report.per_sample) add(row.loss);
  } else {
    for (std::size_t part = 1; part <= parts; ++part)
      add(evaluation::evaluate({term}, {.shard = {part, parts}, .threads = threads}).value);
  }
  return count == 0 ? std::nullopt : std::optional(sum / static_cast<double>(count));
}

}  // namespace

std::optional<double> preprocessed_value(Term term, const Preprocessing& preprocessing,
                                         std::size_t threads) {
  switch (preprocessing.kind) {
    case Preprocessing::Kind::none: break;
    case Preprocessing::Kind::left_out:
      if (!has_array(term, preprocessing.from)) return {};
      term.inputs.erase(preprocessing.from);
      break;
    case Preprocessing::Kind::moved:
      if (!has_array(term, preprocessing.from) || has_array(term, preprocessing.to)) return {};
      term.inputs[preprocessing.to] = std::exchange(term.inputs[preprocessing.from], {});
      term.inputs.erase(preprocessing.from);
      break;
    case Preprocessing::Kind::broadcast:
      if (!broadcast(term)) return {};
      break;
    case Preprocessing::Kind::linked:
    case Preprocessing::Kind::linked_floats:
      if (!put_through_link(term, preprocessing.kind == Preprocessing::Kind::linked_floats))
        return {};
      break;
    case Preprocessing::Kind::unit_vectors:
      if (!divide_by_length(term)) return {};
      break;
    case Preprocessing::Kind::positives_weighted:
      if (!weigh_positives(term)) return {};
      break;
    case Preprocessing::Kind::mean_of_means:
      return mean_of_means(term, preprocessing.parts, threads);
  }
  return evaluation::evaluate({term}, {.threads = threads}).value;
}

}  // namespace losscalc::matching
