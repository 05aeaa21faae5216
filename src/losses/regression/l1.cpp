#include <cmath>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_l1{
    .name = "l1",
    .summary = "absolute error",
    .formula = "l = |p - t|",
    .formula_tex = R"(\ell = |p - t|)",
    .gradient = "dl/dp = sign(p - t), 0 at p = t",
    .gradient_tex = R"(\partial\ell/\partial p = \operatorname{sign}(p - t))",
    .aliases = {"mae", "mean-absolute-error"},
    .task = Task::regression,
    .properties = {.convex = true, .zero_at_target = true, .symmetric = true},
    .smoothness = "kink at p = t; elsewhere the slope is -1 or 1",
    .outliers = "robust: the gradient of an outlier is no larger than any other",
    .imbalance = "not a classification loss; its minimum is the median of the targets",
    .use = "regression with outliers; use huber or smooth-l1 if the kink disturbs training",
    .source = "Boscovich 1757; Hastie, Tibshirani & Friedman, 2nd ed., section 10.6",
    .elsewhere = "torch.nn.L1Loss, keras MeanAbsoluteError, sklearn mean_absolute_error",
};

struct AbsoluteError {
  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    return formula::abs(Scalar(prediction - target));
  }
  double gradient(double prediction, double target) const {
    const double r = prediction - target;
    return r > 0.0 ? 1.0 : (r < 0.0 ? -1.0 : 0.0);
  }
};

}  // namespace

extern const Loss l1 = elementwise<AbsoluteError>(about_l1, {});

}  // namespace losscalc
