#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_zero_one{
    .name = "zero-one",
    .summary = "error indicator: 1 where the predicted label is wrong, else 0",
    .formula = "l = 1 if p != t, else 0; p and t are labels",
    .formula_tex = R"(\ell = [p \neq t])",
    .gradient = "dl/dp = 0 except for the jump at p = t",
    .gradient_tex = R"(\partial\ell/\partial p = 0 \quad (p \neq t))",
    .aliases = {"zero-one-loss", "misclassification"},
    .task = Task::classification,
    .properties = {.range = interval::unit, .zero_at_target = true, .symmetric = true},
    .smoothness = "constant with a jump at p = t, so it cannot train a model",
    .outliers = "every error costs 1",
    .imbalance = "frequent classes dominate the mean: sample weights help",
    .use =
        "error rate of predicted labels: the sum counts errors, 1 minus the mean is the accuracy",
    .source = "Hastie, Tibshirani & Friedman, 2nd ed., section 2.4",
    .elsewhere =
        "sklearn zero_one_loss (counts a row of several labels once; hamming_loss counts each "
        "label)",
};

struct ZeroOne {
  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    return formula::value_of(prediction) == target ? 0.0 : 1.0;
  }
  double gradient(double /*prediction*/, double /*target*/) const { return 0.0; }
};

}  // namespace

extern const Loss zero_one = without_derivative(elementwise<ZeroOne>(about_zero_one, {}));

}  // namespace losscalc
