#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_pinball{
    .name = "pinball",
    .summary = "absolute error, weighted differently above and below the target",
    .formula = "l = alpha d if d >= 0, else (alpha - 1) d, with d = t - p",
    .formula_tex = R"(\ell = \max(\alpha d, (\alpha - 1) d), \quad d = t - p)",
    .gradient = "dl/dp = -alpha if p <= t, else 1 - alpha",
    .gradient_tex =
        R"(\partial\ell/\partial p = \begin{cases} -\alpha & p \le t \\ 1 - \alpha & \text{else} \end{cases})",
    .aliases = {"quantile", "quantile-loss"},
    .task = Task::regression,
    .properties = {.convex = true, .zero_at_target = true},
    .smoothness = "kink at p = t; elsewhere the slope is constant",
    .outliers = "robust: the gradient of an outlier is no larger than any other",
    .imbalance = "not a classification loss; its minimum is the alpha-quantile of the targets",
    .use = "quantiles and prediction intervals; alpha 0.5 is half of l1",
    .source = "Koenker & Bassett, Regression quantiles, 1978",
    .elsewhere =
        "sklearn mean_pinball_loss, XGBoost and LightGBM quantile, TensorFlow Addons "
        "PinballLoss (tau)",
};

struct Pinball {
  double alpha = 0.5;

  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    const Scalar shortfall = target - prediction;
    if (formula::less(shortfall, 0.0)) return (1.0 - alpha) * -shortfall;
    return alpha * shortfall;
  }
  double gradient(double prediction, double target) const {
    return target - prediction < 0.0 ? 1.0 - alpha : -alpha;
  }
};

}  // namespace

extern const Loss pinball = elementwise<Pinball>(
    about_pinball, {{"alpha", &Pinball::alpha, interval::unit, "the quantile to predict"}});

}  // namespace losscalc
