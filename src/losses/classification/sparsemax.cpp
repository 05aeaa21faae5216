#include <algorithm>
#include <functional>
#include <vector>

#include "definition/domains/classwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_sparsemax{
    .name = "sparsemax",
    .summary = "loss of sparsemax, whose probabilities may be exactly 0",
    .formula =
        "l = 1/2 sum_(c in S) (s_c^2 - tau^2) + 1/2 - s_y, where S are the classes with s_c > tau "
        "and sum_(c in S) (s_c - tau) = 1",
    .formula_tex = R"(\ell = \tfrac12 \sum_{c \in S} (s_c^2 - \tau^2) + \tfrac12 - s_y)",
    .gradient = "dl/ds_c = max(0, s_c - tau) - [c = y]",
    .gradient_tex = R"(\partial\ell/\partial s_c = \max(0, s_c - \tau) - [c = y])",
    .aliases = {"multiclass-sparsemax"},
    .task = Task::classification,
    .properties = {.convex = true},
    .smoothness = "once differentiable everywhere",
    .outliers = "linear in the scores",
    .imbalance = "frequent classes dominate the mean: class weights help",
    .use =
        "classifiers that should give most classes a probability of exactly 0; the loss is 0 once "
        "the right score leads by 1",
    .source = "Martins & Astudillo, From softmax to sparsemax, 2016",
    .elsewhere = "optax multiclass_sparsemax_loss",
};

/// The projection of scores onto the simplex, p_c = max(0, s_c - tau) with sum_c p_c = 1 (Martins &
/// Astudillo 2016, algorithm 1). Scores and tau are relative to the largest score: p does not
/// change, and large common offsets cancel before the sums, not in them. Sorting chooses the
/// support in plain doubles; tau is then summed in Scalar over the support, so that derivatives
/// pass through it.
template <class Scalar>
struct Projection {
  explicit Projection(std::span<const Scalar> scores) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < scores.size(); ++c) {
      if (formula::less(scores[best], scores[c])) best = c;
    }
    leads.reserve(scores.size());
    for (const Scalar& score : scores) leads.push_back(score - scores[best]);
    const double cut = threshold();
    Scalar sum = -1.0;
    double count = 0.0;
    for (const Scalar& lead : leads) {
      if (!(formula::value_of(lead) > cut)) continue;
      sum += lead;
      count += 1.0;
    }
    tau = sum / count;
  }
  /// The probability of a class, 0 outside the support.
  Scalar probability(std::size_t c) const { return formula::positive_part(Scalar(leads[c] - tau)); }

  std::vector<Scalar> leads;
  Scalar tau = 0.0;

 private:
  double threshold() const {
    std::vector<double> sorted;
    sorted.reserve(leads.size());
    for (const Scalar& lead : leads) sorted.push_back(formula::value_of(lead));
    std::ranges::sort(sorted, std::greater<>());
    double sum = -1.0;
    double cut = 0.0;
    for (std::size_t k = 0; k < sorted.size(); ++k) {
      sum += sorted[k];
      const double share = sum / static_cast<double>(k + 1);
      if (!(sorted[k] > share)) break;
      cut = share;
    }
    return cut;
  }
};

struct Sparsemax {
  /// 1/2 sum_c p_c (d_c + tau + 1) - d_y with d_c = s_c - max s: equal to the formula because
  /// s^2 - tau^2 = (s - tau)(s + tau) and sum_c p_c = 1, but without its cancelling squares.
  template <class Scalar>
  Scalar value(std::span<const Scalar> scores, std::size_t target) const {
    const Projection<Scalar> projection(scores);
    Scalar sum = 0.0;
    for (std::size_t c = 0; c < scores.size(); ++c) {
      const Scalar p = projection.probability(c);
      if (formula::value_of(p) > 0.0) sum += p * (projection.leads[c] + projection.tau + 1.0);
    }
    const Scalar loss = 0.5 * sum - projection.leads[target];
    // Rounding may push a loss of nearly 0 below 0: the value is set to 0, the derivative is kept.
    return formula::less(loss, Scalar(0.0)) ? Scalar(loss - formula::value_of(loss)) : loss;
  }
  void gradient(std::span<const double> scores, std::size_t target,
                std::span<double> derivative) const {
    const Projection<double> projection(scores);
    double others = 0.0;
    for (std::size_t c = 0; c < scores.size(); ++c) {
      derivative[c] = projection.probability(c);
      if (c != target) others += derivative[c];
    }
    derivative[target] = -others;
  }
};

}  // namespace

extern const Loss sparsemax = class_scores<Sparsemax>(about_sparsemax, {});

}  // namespace losscalc
