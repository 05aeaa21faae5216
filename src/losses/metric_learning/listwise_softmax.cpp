#include <algorithm>
#include <cmath>

#include "definition/domains/tuple.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_listwise_softmax{
    .name = "listwise-softmax",
    .summary = "cross-entropy of the softmax of a list's scores with its relevances",
    .formula = "l = -sum_i w_i y_i log p_i, p the softmax of the list's scores",
    .formula_tex = R"(\ell = -\sum_i w_i y_i \log \operatorname{softmax}(s)_i)",
    .gradient = "dl/ds_i = p_i sum_j w_j y_j - w_i y_i",
    .gradient_tex = R"(\partial\ell/\partial s_i = p_i \sum_j w_j y_j - w_i y_i)",
    .aliases = {"ranking-softmax", "softmax-ranking"},
    .task = Task::metric_learning,
    .properties = {.convex = true},
    .smoothness = "smooth everywhere",
    .outliers = "linear in the scores",
    .imbalance = "lists with more relevant items weigh more: divide their labels by their sum",
    .use = "learning to rank from lists; lists that are entirely masked are left out",
    .source = "Cao et al., Learning to rank: from pairwise to listwise approach, 2007",
    .elsewhere = "optax ranking_softmax_loss, TF-Ranking SoftmaxLoss",
};

struct ListwiseSoftmax {
  bool counts(const VectorTuple<double, 4>& vectors) const {
    const auto& mask = vectors[2];
    return mask.empty() || std::ranges::any_of(mask, [](double m) { return m != 0.0; });
  }

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 4>& vectors, double /*label*/) const {
    const std::span<const Scalar> scores = vectors[0];
    const std::size_t top = best(vectors);
    Scalar rest = 0.0;
    Scalar behind = 0.0;
    double total = 0.0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (!has(vectors, i)) continue;
      total += relevance(vectors, i);
      if (i == top) continue;
      rest += formula::exp(Scalar(scores[i] - scores[top]));
      behind += relevance(vectors, i) * Scalar(scores[top] - scores[i]);
    }
    return behind + total * formula::log1p(rest);
  }
  void gradient(const VectorTuple<double, 4>& vectors, double /*label*/,
                const std::array<std::span<double>, 4>& derivatives) const {
    const std::span<const double> scores = vectors[0];
    const std::size_t top = best(vectors);
    double rest = 0.0;
    double others = 0.0;  // relevance
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (!has(vectors, i) || i == top) continue;
      rest += std::exp(scores[i] - scores[top]);
      others += relevance(vectors, i);
    }
    const double total = others + relevance(vectors, top);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const double share = std::exp(scores[i] - scores[top]) / (1.0 + rest);
      derivatives[0][i] = has(vectors, i) ? total * share - relevance(vectors, i) : 0.0;
    }
    // total p - y would cancel where one item has nearly all.
    derivatives[0][top] = others - total * rest / (1.0 + rest);
  }

 private:
  template <class Scalar>
  static bool has(const VectorTuple<Scalar, 4>& vectors, std::size_t i) {
    return vectors[2].empty() || formula::value_of(vectors[2][i]) != 0.0;
  }
  template <class Scalar>
  static double relevance(const VectorTuple<Scalar, 4>& vectors, std::size_t i) {
    const double weight = vectors[3].empty() ? 1.0 : formula::value_of(vectors[3][i]);
    return weight * formula::value_of(vectors[1][i]);
  }
  /// The item with the highest score.
  template <class Scalar>
  static std::size_t best(const VectorTuple<Scalar, 4>& vectors) {
    std::size_t top = 0;
    while (!has(vectors, top)) ++top;
    for (std::size_t i = top + 1; i < vectors[0].size(); ++i) {
      if (has(vectors, i) && formula::less(vectors[0][top], vectors[0][i])) top = i;
    }
    return top;
  }
};

}  // namespace

extern const Loss listwise_softmax = tuple<ListwiseSoftmax, 4>(
    about_listwise_softmax,
    {Role{.name = "pred",
          .shape = "[N,L]",
          .help = "a score for each item of a list",
          .differentiable = true},
     Role{.name = "target", .shape = "[N,L]", .help = "the relevance of each item"},
     Role{.name = "mask",
          .shape = "[N,L]",
          .help = "1 for entries that count, 0 for the others",
          .optional = true,
          .valid = interval::unit},
     Role{.name = "element_weight",
          .shape = "[N,L]",
          .help = "factor on the relevance of each item",
          .optional = true}},
    {});

}  // namespace losscalc
