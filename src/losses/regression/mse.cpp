#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

struct MeanSquaredError {
  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    return formula::square(Scalar(prediction - target));
  }
  double gradient(double prediction, double target) const { return 2.0 * (prediction - target); }
};

}  // namespace

extern const Loss mse;
const Loss mse = elementwise<MeanSquaredError>(
    {.name = "mse",
     .aliases = {"l2", "mean-squared-error"},
     .task = Task::regression,
     .summary = "squared difference of prediction and target",
     .formula = "l = (p - t)^2",
     .formula_tex = R"(\ell = (p - t)^2)",
     .gradient = "dl/dp = 2 (p - t)",
     .gradient_tex = R"(\partial\ell/\partial p = 2 (p - t))",
     .properties = {.convex = true, .zero_at_target = true, .symmetric = true},
     .smoothness = "smooth everywhere",
     .outliers = "sensitive: value and gradient grow with the square and the size of the residual",
     .imbalance =
         "not a classification loss; on one-hot targets it is the Brier score divided by C",
     .use = "regression with roughly Gaussian errors; huber or l1 where outliers are expected",
     .source = "Gauss, Theoria motus, 1809; Hastie, Tibshirani & Friedman, 2nd ed., section 2.4",
     .elsewhere =
         "torch.nn.MSELoss, keras MeanSquaredError; optax l2_loss and MXNet L2Loss are half of it"},
    {});

}  // namespace losscalc
