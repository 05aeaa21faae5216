#include "definition/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

struct Brier {
  std::int64_t positive = 1;

  /// `target` is -1 or 1.
  template <class Scalar>
  Scalar value(const Scalar& probability, double target) const {
    return formula::square(Scalar(probability - outcome(target)));
  }
  double gradient(double probability, double target) const {
    return 2.0 * (probability - outcome(target));
  }
  ElementDomain domain() const { return {.prediction = interval::unit}; }

 private:
  /// 1 where the label is the one whose probability is predicted.
  double outcome(double target) const { return (target > 0.0) == (positive > 0) ? 1.0 : 0.0; }
};

}  // namespace

extern const Loss brier;
const Loss brier = elementwise<Brier>(
    {.name = "brier",
     .aliases = {"brier-score", "brier-score-loss"},
     .task = Task::classification,
     .summary = "squared difference of a probability and the outcome",
     .formula = "l = (p - o)^2, o = 1 where t is the positive label, else 0",
     .formula_tex = R"(\ell = (p - o)^2)",
     .gradient = "dl/dp = 2 (p - o)",
     .gradient_tex = R"(\partial\ell/\partial p = 2 (p - o))",
     .properties = {.range = interval::unit, .convex = true},
     .smoothness = "smooth everywhere",
     .outliers = "bounded: a certain and wrong prediction costs 1",
     .imbalance = "frequent classes dominate the mean: sample weights help",
     .use = "how well probabilities of two classes are calibrated and told apart; "
            "binary-cross-entropy punishes certain errors without bound",
     .source = "Brier, Verification of forecasts expressed in terms of probability, 1950",
     .elsewhere = "sklearn brier_score_loss; of several classes it is the mse of one-hot targets "
                  "times C"},
    {{"positive", &Brier::positive, Interval{-1.0, 1.0},
      "the label that pred is the probability of: 1, or the other (0 or -1)"}},
    TargetValues::signs);

}  // namespace losscalc
