#include "definition/domains/penalty.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_l2_penalty{
    .name = "l2-penalty",
    .summary = "lambda times the sum of squared weights",
    .formula = "l = lambda sum_i w_i^2; half=true: lambda/2 sum_i w_i^2",
    .formula_tex = R"(\ell = \lambda \sum_i w_i^2)",
    .gradient = "dl/dw_i = 2 lambda w_i; half=true: lambda w_i",
    .gradient_tex = R"(\partial\ell/\partial w_i = 2 \lambda w_i)",
    .aliases = {"ridge", "weight-decay"},
    .task = Task::regularization,
    .properties = {.convex = true},
    .smoothness = "smooth everywhere",
    .outliers = "large weights are pulled towards 0 most strongly",
    .imbalance = "independent of the data",
    .use = "added to a loss to keep weights small",
    .source = "Hoerl & Kennard, Ridge regression, 1970",
    .elsewhere =
        "keras.regularizers.L2 (without half); weight_decay of torch optimizers, Caffe and "
        "ElasticNet is half=true",
};

struct L2Penalty {
  double lambda = 1.0;
  bool half = false;

  template <class Scalar>
  Scalar value(const Scalar& weight) const {
    return factor() * formula::square(weight);
  }
  double gradient(double weight) const { return 2.0 * factor() * weight; }

 private:
  double factor() const { return half ? 0.5 * lambda : lambda; }
};

}  // namespace

extern const Loss l2_penalty = penalty<L2Penalty>(
    about_l2_penalty,
    {{"lambda", &L2Penalty::lambda, interval::non_negative, "strength of the penalty"},
     {"half", &L2Penalty::half, "halve the sum, as weight decay does"}});

}  // namespace losscalc
