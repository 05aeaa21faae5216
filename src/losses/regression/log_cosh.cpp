#include <cmath>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_log_cosh{
    .name = "log-cosh",
    .summary = "logarithm of the hyperbolic cosine of the residual",
    .formula = "l = log cosh(p - t)",
    .formula_tex = R"(\ell = \log\cosh(p - t))",
    .gradient = "dl/dp = tanh(p - t)",
    .gradient_tex = R"(\partial\ell/\partial p = \tanh(p - t))",
    .aliases = {"logcosh"},
    .task = Task::regression,
    .properties = {.convex = true, .zero_at_target = true, .symmetric = true},
    .smoothness = "smooth everywhere",
    .outliers = "robust: about r^2/2 for small residuals r, |r| - log 2 for large ones",
    .imbalance = "not a classification loss",
    .use = "in place of huber where second derivatives are needed",
    .source = "Green, Bayesian reconstructions from emission tomography data, 1990",
    .elsewhere = "keras LogCosh, optax log_cosh",
};

struct LogCosh {
  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    return formula::log_cosh(Scalar(prediction - target));
  }
  double gradient(double prediction, double target) const { return std::tanh(prediction - target); }
};

}  // namespace

extern const Loss log_cosh = elementwise<LogCosh>(about_log_cosh, {});

}  // namespace losscalc
