#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

struct ZeroOne {
  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    return formula::value_of(prediction) == target ? 0.0 : 1.0;
  }
  double gradient(double /*prediction*/, double /*target*/) const { return 0.0; }
};

}  // namespace

extern const Loss zero_one;
const Loss zero_one = without_derivative(elementwise<ZeroOne>(
    {.name = "zero-one",
     .aliases = {"zero-one-loss", "misclassification"},
     .task = Task::classification,
     .summary = "one where the predicted label is not the target, else zero",
     .formula = "l = 1 if p != t, else 0; p and t are labels",
     .formula_tex = R"(\ell = [p \neq t])",
     .gradient = "dl/dp = 0 but for the jump at p = t",
     .gradient_tex = R"(\partial\ell/\partial p = 0 \quad (p \neq t))",
     .properties = {.range = interval::unit, .zero_at_target = true, .symmetric = true},
     .smoothness = "constant, with a jump at p = t: not to be trained on",
     .outliers = "each error costs 1, however wrong",
     .imbalance = "frequent classes dominate the mean: sample weights help",
     .use = "the error rate of labels; the sum counts errors, 1 minus the mean is the accuracy",
     .source = "Hastie, Tibshirani & Friedman, 2nd ed., section 2.4",
     .elsewhere = "sklearn zero_one_loss (which counts rows of several labels once, "
                  "hamming_loss each label)"},
    {}));

}  // namespace losscalc
