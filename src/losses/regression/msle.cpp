#include <algorithm>
#include <cmath>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_msle{
    .name = "msle",
    .summary = "squared error of log(1 + p) against log(1 + t)",
    .formula = "l = (log(1 + max(p, floor)) - log(1 + max(t, floor)))^2",
    .formula_tex = R"(\ell = (\log(1 + \max(p, f)) - \log(1 + \max(t, f)))^2)",
    .gradient = "dl/dp = 2 (log(1 + p) - log(1 + max(t, floor))) / (1 + p), 0 where p < floor",
    .gradient_tex = R"(\partial\ell/\partial p = \frac{2}{1 + p} \log\frac{1 + p}{1 + \max(t, f)})",
    .aliases = {"mean-squared-log-error"},
    .task = Task::regression,
    .properties = {.zero_at_target = true, .symmetric = true},
    .smoothness = "kink at p = floor, slope 0 below",
    .outliers = "grows with the squared logarithm: large values count by their ratio",
    .imbalance =
        "not a classification loss; predictions that are too low cost more than ones too high by "
        "the same amount",
    .use = "targets >= 0 that span orders of magnitude, where ratios matter",
    .source = "metric of Kaggle competitions on sales and bookings, as rmsle",
    .elsewhere =
        "keras MeanSquaredLogarithmicError uses floor 1e-7; sklearn mean_squared_log_error refuses "
        "negative values; XGBoost rmsle is its root",
};

struct SquaredLogError {
  double floor = 0.0;

  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    return formula::square(log_ratio(formula::max(prediction, Scalar(floor)), target));
  }
  double gradient(double prediction, double target) const {
    if (prediction < floor) return 0.0;
    return 2.0 * log_ratio(prediction, target) / (1.0 + prediction);
  }

 private:
  /// log((1 + p) / (1 + t)). The difference of two logarithms has few digits left where p is
  /// nearly t, and (p - t) / (1 + t) where 1 + p is much the smaller.
  template <class Scalar>
  Scalar log_ratio(const Scalar& prediction, double target) const {
    const double t = std::max(target, floor);
    const Scalar difference = prediction - t;
    if (formula::less(formula::abs(difference), 0.5 * (1.0 + t)))
      return formula::log1p(Scalar(difference / (1.0 + t)));
    return formula::log1p(prediction) - std::log1p(t);
  }
};

}  // namespace

extern const Loss msle = elementwise<SquaredLogError>(
    about_msle, {{"floor", &SquaredLogError::floor, Interval{-1.0, infinity, true, true},
                  "lower bound of predictions and targets"}});

}  // namespace losscalc
