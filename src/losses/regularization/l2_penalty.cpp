#include "definition/domains/penalty.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

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

extern const Loss l2_penalty;
const Loss l2_penalty = penalty<L2Penalty>(
    {.name = "l2-penalty",
     .aliases = {"ridge", "weight-decay"},
     .task = Task::regularization,
     .summary = "lambda times the sum of squared weights",
     .formula = "l = lambda sum_i w_i^2, or half of it",
     .formula_tex = R"(\ell = \lambda \sum_i w_i^2)",
     .gradient = "dl/dw_i = 2 lambda w_i, or lambda w_i with half=true",
     .gradient_tex = R"(\partial\ell/\partial w_i = 2 \lambda w_i)",
     .properties = {.convex = true},
     .smoothness = "smooth everywhere",
     .outliers = "large weights are pulled towards 0 the hardest",
     .imbalance = "does not depend on the data",
     .use = "added to a loss to keep weights small",
     .source = "Hoerl & Kennard, Ridge regression, 1970",
     .elsewhere = "keras.regularizers.L2 (no half); weight_decay of torch optimisers, Caffe and "
                  "ElasticNet is half=true"},
    {{"lambda", &L2Penalty::lambda, interval::non_negative, "the strength of the penalty"},
     {"half", &L2Penalty::half, "whether the sum is halved, as weight decay means it"}});

}  // namespace losscalc
