#include <cmath>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_smooth_l1{
    .name = "smooth-l1",
    .summary = "l1 with its kink rounded within beta; equals huber(beta) / beta",
    .formula = "l = r^2/(2 beta) if |r| < beta, else |r| - beta/2, with r = p - t",
    .formula_tex =
        R"(\ell = \begin{cases} r^2/(2\beta) & |r| < \beta \\ |r| - \beta/2 & \text{else} \end{cases})",
    .gradient = "dl/dp = r/beta if |r| < beta, else sign(r)",
    .gradient_tex = R"(\partial\ell/\partial p = \max(-1, \min(1, r/\beta)))",
    .aliases = {"smooth-l1-loss"},
    .task = Task::regression,
    .properties = {.convex = true, .zero_at_target = true, .symmetric = true},
    .smoothness = "continuously differentiable for beta > 0; beta = 0 is l1 with its kink",
    .outliers = "robust: the gradient never exceeds 1",
    .imbalance = "not a classification loss",
    .use = "box regression in detectors; as beta falls it approaches l1",
    .source = "Girshick, Fast R-CNN, 2015, equation 3",
    .elsewhere =
        "torch.nn.SmoothL1Loss, fvcore, mmdet; MXNet HuberLoss(rho=beta); Caffe SSD has beta = "
        "1/sigma^2; Darknet's is twice as large",
};

struct SmoothL1 {
  double beta = 1.0;

  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    const Scalar r = formula::abs(Scalar(prediction - target));
    // r/beta < 1: unlike r^2, it neither over- nor underflows
    if (formula::less(r, beta)) return 0.5 * r * Scalar(r / beta);
    return r - 0.5 * beta;
  }
  double gradient(double prediction, double target) const {
    const double r = prediction - target;
    if (std::fabs(r) < beta) return r / beta;
    return r > 0.0 ? 1.0 : (r < 0.0 ? -1.0 : 0.0);
  }
};

}  // namespace

extern const Loss smooth_l1 = elementwise<SmoothL1>(
    about_smooth_l1, {{"beta", &SmoothL1::beta, interval::non_negative,
                       "residual at which the loss changes from quadratic to linear"}});

}  // namespace losscalc
