#include "commands/treated_value.h"

#include <cmath>
#include <utility>

#include "commands/treated_data.h"

namespace losscalc::commands {
namespace {

using evaluation::Term;
using matching::Treatment;

std::optional<double> mean_of_means(const Term& term, std::size_t parts, std::size_t threads) {
  const Reduction reduction = term.choices.reduction;
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

std::optional<double> treated_value(Term term, const Treatment& treatment, std::size_t threads) {
  switch (treatment.kind) {
    case Treatment::Kind::none: break;
    case Treatment::Kind::left_out:
      if (!has_array(term, treatment.from)) return {};
      term.inputs.erase(treatment.from);
      break;
    case Treatment::Kind::moved:
      if (!has_array(term, treatment.from) || has_array(term, treatment.to)) return {};
      term.inputs[treatment.to] = std::exchange(term.inputs[treatment.from], {});
      term.inputs.erase(treatment.from);
      break;
    case Treatment::Kind::broadcast:
      if (!broadcast(term)) return {};
      break;
    case Treatment::Kind::linked:
    case Treatment::Kind::linked_floats:
      if (!put_through_link(term, treatment.kind == Treatment::Kind::linked_floats)) return {};
      break;
    case Treatment::Kind::unit_vectors:
      if (!divide_by_length(term)) return {};
      break;
    case Treatment::Kind::positives_weighted:
      if (!weigh_positives(term)) return {};
      break;
    case Treatment::Kind::mean_of_means: return mean_of_means(term, treatment.parts, threads);
  }
  return evaluation::evaluate({term}, {.threads = threads}).value;
}

}  // namespace losscalc::commands
