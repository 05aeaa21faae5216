#include "definition/domains/penalty.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_l1_penalty{
    .name = "l1-penalty",
    .summary = "lambda times the sum of absolute weights",
    .formula = "l = lambda sum_i |w_i|",
    .formula_tex = R"(\ell = \lambda \sum_i |w_i|)",
    .gradient = "dl/dw_i = lambda sign(w_i), 0 at w_i = 0",
    .gradient_tex = R"(\partial\ell/\partial w_i = \lambda \operatorname{sign}(w_i))",
    .aliases = {"lasso"},
    .task = Task::regularization,
    .properties = {.convex = true},
    .smoothness = "kink wherever a weight is 0",
    .outliers = "every weight is pulled towards 0 with the same force",
    .imbalance = "independent of the data",
    .use = "added to a loss to make weights sparse",
    .source = "Tibshirani, Regression shrinkage and selection via the lasso, 1996",
    .elsewhere = "keras.regularizers.L1 (lambda 0.01)",
};

struct L1Penalty {
  double lambda = 1.0;

  template <class Scalar>
  Scalar value(const Scalar& weight) const {
    return lambda * formula::abs(weight);
  }
  double gradient(double weight) const {
    return weight > 0.0 ? lambda : (weight < 0.0 ? -lambda : 0.0);
  }
};

}  // namespace

extern const Loss l1_penalty = penalty<L1Penalty>(
    about_l1_penalty,
    {{"lambda", &L1Penalty::lambda, interval::non_negative, "strength of the penalty"}});

}  // namespace losscalc
