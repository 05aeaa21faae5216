#include <cmath>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_huber{
    .name = "huber",
    .summary = "quadratic for small residuals, linear beyond delta",
    .formula = "l = r^2/2 if |r| < delta, else delta (|r| - delta/2), with r = p - t",
    .formula_tex =
        R"(\ell = \begin{cases} r^2/2 & |r| < \delta \\ \delta(|r| - \delta/2) & \text{else} \end{cases})",
    .gradient = "dl/dp = r if |r| < delta, else delta sign(r)",
    .gradient_tex = R"(\partial\ell/\partial p = \max(-\delta, \min(\delta, r)))",
    .aliases = {"huber-loss"},
    .task = Task::regression,
    .properties = {.convex = true, .zero_at_target = true, .symmetric = true},
    .smoothness = "continuously differentiable; the second derivative jumps at |r| = delta",
    .outliers = "robust: the gradient never exceeds delta",
    .imbalance = "not a classification loss",
    .use = "regression with some outliers; residuals beyond delta count as outliers",
    .source = "Huber, Robust estimation of a location parameter, 1964",
    .elsewhere =
        "torch.nn.HuberLoss, keras Huber, optax huber_loss; MXNet's HuberLoss is smooth-l1",
};

struct Huber {
  double delta = 1.0;

  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    const Scalar r = formula::abs(Scalar(prediction - target));
    if (formula::less(r, delta)) return 0.5 * formula::square(r);
    return delta * Scalar(r - 0.5 * delta);
  }
  double gradient(double prediction, double target) const {
    const double r = prediction - target;
    return std::fabs(r) < delta ? r : std::copysign(delta, r);
  }
};

}  // namespace

extern const Loss huber = elementwise<Huber>(
    about_huber, {{"delta", &Huber::delta, interval::positive,
                   "residual at which the loss changes from quadratic to linear"}});

}  // namespace losscalc
