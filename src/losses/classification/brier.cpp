#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_brier{
    .name = "brier",
    .summary = "squared error of the predicted probability of a yes-or-no outcome",
    .formula = "l = (p - y)^2, y = 1 for yes and 0 for no",
    .formula_tex = R"(\ell = (p - y)^2)",
    .gradient = "dl/dp = 2 (p - y)",
    .gradient_tex = R"(\partial\ell/\partial p = 2 (p - y))",
    .aliases = {"brier-score"},
    .task = Task::classification,
    .properties = {.range = interval::unit, .convex = true},
    .smoothness = "smooth everywhere",
    .outliers = "bounded by 1, even for a confident wrong prediction",
    .imbalance = "frequent classes dominate the mean: sample weights help",
    .use =
        "measures calibration and sharpness of probabilities; for several classes, use mse on "
        "one-hot rows",
    .source = "Brier, Verification of forecasts expressed in terms of probability, 1950",
    .elsewhere = "sklearn brier_score_loss",
};

struct Brier {
  std::int64_t positive = 1;

  ElementDomain domain() const { return {.prediction = interval::unit, .target = {}}; }

  /// `target` is -1 or 1.
  template <class Scalar>
  Scalar value(const Scalar& probability, double target) const {
    return formula::square(Scalar(probability - outcome(target)));
  }
  double gradient(double probability, double target) const {
    return 2.0 * (probability - outcome(target));
  }

 private:
  double outcome(double target) const { return (target > 0.0) == (positive == 1) ? 1.0 : 0.0; }
};

}  // namespace

extern const Loss brier =
    elementwise<Brier>(about_brier,
                       {{"positive", &Brier::positive, Interval{.low = -1.0, .high = 1.0},
                         "the positive label: 1, or the other label, which is 0 or -1"}},
                       TargetValues::signs);

}  // namespace losscalc
