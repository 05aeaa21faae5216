#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_mse{
    .name = "mse",
    .summary = "squared error",
    .formula = "l = (p - t)^2",
    .formula_tex = R"(\ell = (p - t)^2)",
    .gradient = "dl/dp = 2 (p - t)",
    .gradient_tex = R"(\partial\ell/\partial p = 2 (p - t))",
    .aliases = {"l2", "mean-squared-error"},
    .task = Task::regression,
    .properties = {.convex = true, .zero_at_target = true, .symmetric = true},
    .smoothness = "smooth everywhere",
    .outliers = "sensitive: the value grows with the square of the residual, the gradient linearly",
    .imbalance = "not a classification loss; on one-hot targets it is the Brier score divided by C",
    .use = "regression with roughly Gaussian errors; use huber or l1 if outliers are expected",
    .source = "Gauss, Theoria motus, 1809; Hastie, Tibshirani & Friedman, 2nd ed., section 2.4",
    .elsewhere =
        "torch.nn.MSELoss, keras MeanSquaredError; optax l2_loss and MXNet L2Loss are half of it",
};

struct MeanSquaredError {
  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    return formula::square(Scalar(prediction - target));
  }
  double gradient(double prediction, double target) const { return 2.0 * (prediction - target); }
};

}  // namespace

extern const Loss mse = elementwise<MeanSquaredError>(about_mse, {});

}  // namespace losscalc
