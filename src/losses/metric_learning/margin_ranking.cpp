#include "definition/domains/tuple.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_margin_ranking{
    .name = "margin-ranking",
    .summary = "penalty unless the better of two scores leads by a margin",
    .formula = "l = max(0, margin - y (x1 - x2)), y = 1 if x1 should be larger, else -1",
    .formula_tex = R"(\ell = \max(0, m - y (x_1 - x_2)))",
    .gradient = "where l > 0: dl/dx1 = -y, dl/dx2 = y",
    .gradient_tex =
        R"(\partial\ell/\partial x_1 = -y = -\partial\ell/\partial x_2\ \text{where}\ \ell > 0)",
    .aliases = {"margin-ranking-loss", "pairwise-hinge"},
    .task = Task::metric_learning,
    .properties = {.convex = true},
    .smoothness = "kink where the margin is just met",
    .outliers = "linear in the difference of the scores",
    .imbalance = "depends on how pairs are chosen, not on class sizes",
    .use = "learning to rank from pairs",
    .source = "Herbrich, Graepel & Obermayer, Large margin rank boundaries, 2000",
    .elsewhere = "torch.nn.MarginRankingLoss (margin 0); RankSVM has margin 1",
};

struct MarginRanking {
  double margin = 0.0;

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 2>& elements, double label) const {
    return formula::positive_part(Scalar(margin - label * (elements[0][0] - elements[1][0])));
  }
  void gradient(const VectorTuple<double, 2>& elements, double label,
                const std::array<std::span<double>, 2>& derivatives) const {
    const double slope = value(elements, label) > 0.0 ? label : 0.0;
    derivatives[0][0] = -slope;
    derivatives[1][0] = slope;
  }
};

}  // namespace

extern const Loss margin_ranking = with_signs(element_tuple<MarginRanking, 2>(
    about_margin_ranking,
    {Role{.name = "x1",
          .shape = "[N,d...]",
          .help = "first scores of the pairs",
          .differentiable = true},
     Role{.name = "x2",
          .shape = "[N,d...]",
          .help = "second scores of the pairs",
          .differentiable = true}},
    {{"margin", &MarginRanking::margin, interval::finite,
      "lead that the better score needs for a loss of 0"}},
    {Role{.name = "label",
          .shape = "[N,d...]",
          .help = "1 where x1 should be larger, -1 (or 0) where x2 should be"}}));

}  // namespace losscalc
