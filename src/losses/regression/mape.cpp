#include <algorithm>
#include <cmath>
#include <limits>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_mape{
    .name = "mape",
    .summary = "absolute error relative to the target",
    .formula = "l = |p - t| / max(|t|, floor)",
    .formula_tex = R"(\ell = |p - t| / \max(|t|, f))",
    .gradient = "dl/dp = sign(p - t) / max(|t|, floor), 0 at p = t",
    .gradient_tex = R"(\partial\ell/\partial p = \operatorname{sign}(p - t) / \max(|t|, f))",
    .aliases = {"mean-absolute-percentage-error"},
    .task = Task::regression,
    .properties = {.convex = true, .zero_at_target = true},
    .smoothness = "kink at p = t; elsewhere the slope is constant",
    .outliers = "linear in the residual, but targets near 0 outweigh all others",
    .imbalance = "not a classification loss; it biases predictions below the median",
    .use = "positive targets far from 0; use msle if ratios matter and targets may be small",
    .source = "de Myttenaere et al., Mean absolute percentage error for regression models, 2016",
    .elsewhere =
        "sklearn mean_absolute_percentage_error; keras multiplies by 100 and uses floor 1e-7, "
        "torchmetrics floor 1.17e-6, LightGBM floor 1",
};

struct AbsolutePercentageError {
  double floor = std::numeric_limits<double>::epsilon();

  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    return formula::abs(Scalar(prediction - target)) / size_of(target);
  }
  double gradient(double prediction, double target) const {
    const double r = prediction - target;
    return (r > 0.0 ? 1.0 : (r < 0.0 ? -1.0 : 0.0)) / size_of(target);
  }

 private:
  double size_of(double target) const { return std::max(std::fabs(target), floor); }
};

}  // namespace

extern const Loss mape = elementwise<AbsolutePercentageError>(
    about_mape, {{"floor", &AbsolutePercentageError::floor, interval::positive,
                  "lower bound of |t| in the denominator"}});

}  // namespace losscalc
