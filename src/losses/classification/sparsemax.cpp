#include <algorithm>
#include <functional>
#include <vector>

#include "definition/classwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

/// The number that sparsemax subtracts from scores before it cuts them at 0, so that what is left
/// sums to 1 (Martins & Astudillo 2016, algorithm 1). `support` gets the classes above it.
template <class Scalar>
Scalar threshold(std::span<const Scalar> scores, std::vector<bool>& support) {
  std::vector<double> sorted;
  sorted.reserve(scores.size());
  for (const Scalar& score : scores) sorted.push_back(formula::value_of(score));
  std::ranges::sort(sorted, std::greater<>());
  double sum = 0.0;
  double tau = 0.0;
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    sum += sorted[k];
    const double share = (sum - 1.0) / static_cast<double>(k + 1);
    if (!(sorted[k] > share)) break;
    tau = share;
  }
  Scalar exact = -1.0;
  double count = 0.0;
  support.assign(scores.size(), false);
  for (std::size_t c = 0; c < scores.size(); ++c) {
    if (!(formula::value_of(scores[c]) > tau)) continue;
    support[c] = true;
    exact += scores[c];
    count += 1.0;
  }
  return exact / count;
}

struct Sparsemax {
  template <class Scalar>
  Scalar value(std::span<const Scalar> scores, std::size_t target) const {
    std::vector<bool> support;
    const Scalar tau = threshold(scores, support);
    Scalar sum = 0.0;
    for (std::size_t c = 0; c < scores.size(); ++c) {
      if (support[c]) sum += formula::square(scores[c]) - formula::square(tau);
    }
    return formula::positive_part(Scalar(0.5 * sum + 0.5 - scores[target]));
  }
  void gradient(std::span<const double> scores, std::size_t target,
                std::span<double> derivative) const {
    std::vector<bool> support;
    const double tau = threshold(scores, support);
    for (std::size_t c = 0; c < scores.size(); ++c)
      derivative[c] = (support[c] ? scores[c] - tau : 0.0) - (c == target ? 1.0 : 0.0);
  }
};

}  // namespace

extern const Loss sparsemax;
const Loss sparsemax = class_scores<Sparsemax>(
    {.name = "sparsemax",
     .aliases = {"multiclass-sparsemax"},
     .task = Task::classification,
     .summary = "the loss of sparsemax, whose probabilities may be exactly 0",
     .formula = "l = 1/2 sum_(c in S) (s_c^2 - tau^2) + 1/2 - s_y, S the classes above tau, "
                "where sum_(c in S) (s_c - tau) = 1",
     .formula_tex = R"(\ell = \tfrac12 \sum_{c \in S} (s_c^2 - \tau^2) + \tfrac12 - s_y)",
     .gradient = "dl/ds_c = max(0, s_c - tau) - [c = y]",
     .gradient_tex = R"(\partial\ell/\partial s_c = \max(0, s_c - \tau) - [c = y])",
     .properties = {.convex = true},
     .smoothness = "once differentiable everywhere",
     .outliers = "linear in the scores",
     .imbalance = "frequent classes dominate the mean: class weights help",
     .use = "probabilities that are to be 0 for most classes; 0 once the right score leads by 1",
     .source = "Martins & Astudillo, From softmax to sparsemax, 2016",
     .elsewhere = "optax multiclass_sparsemax_loss"},
    {});

}  // namespace losscalc
