#include "definition/domains/penalty.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_elastic_net{
    .name = "elastic-net",
    .summary = "weighted sum of the absolute and the squared weights",
    .formula = "l = l1 sum_i |w_i| + l2 sum_i w_i^2",
    .formula_tex = R"(\ell = \lambda_1 \sum_i |w_i| + \lambda_2 \sum_i w_i^2)",
    .gradient = "dl/dw_i = l1 sign(w_i) + 2 l2 w_i",
    .gradient_tex =
        R"(\partial\ell/\partial w_i = \lambda_1 \operatorname{sign}(w_i) + 2 \lambda_2 w_i)",
    .aliases = {"l1-l2-penalty", "l1l2"},
    .task = Task::regularization,
    .properties = {.convex = true},
    .smoothness = "kink at w = 0",
    .outliers = "large weights are pulled towards 0 most strongly",
    .imbalance = "independent of the data",
    .use = "sparse weights where correlated weights should be kept together",
    .source = "Zou & Hastie, Regularization and variable selection via the elastic net, 2005",
    .elsewhere =
        "keras.regularizers.L1L2; sklearn ElasticNet has l1 = alpha l1_ratio and l2 = "
        "alpha (1 - l1_ratio) / 2",
};

struct ElasticNet {
  double l1 = 1.0;
  double l2 = 1.0;

  template <class Scalar>
  Scalar value(const Scalar& weight) const {
    return l1 * formula::abs(weight) + l2 * formula::square(weight);
  }
  double gradient(double weight) const {
    const double sign = weight > 0.0 ? 1.0 : (weight < 0.0 ? -1.0 : 0.0);
    return l1 * sign + 2.0 * l2 * weight;
  }
};

}  // namespace

extern const Loss elastic_net = penalty<ElasticNet>(
    about_elastic_net,
    {{"l1", &ElasticNet::l1, interval::non_negative, "strength of the absolute values"},
     {"l2", &ElasticNet::l2, interval::non_negative, "strength of the squares"}});

}  // namespace losscalc
