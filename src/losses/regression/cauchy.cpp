#include <cmath>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_cauchy{
    .name = "cauchy",
    .summary = "logarithm of 1 plus the squared residual: outliers lose their pull",
    .formula = "l = log(1 + (r/c)^2), with r = p - t",
    .formula_tex = R"(\ell = \log\left(1 + (r/c)^2\right),\quad r = p - t)",
    .gradient = "dl/dp = 2 r / (c^2 + r^2)",
    .gradient_tex = R"(\partial\ell/\partial p = 2r / (c^2 + r^2))",
    .aliases = {"lorentzian"},
    .task = Task::regression,
    .properties = {.zero_at_target = true, .symmetric = true},
    .smoothness = "smooth everywhere; convex only for |r| <= c",
    .outliers = "redescending: the gradient is at most 1/c, at |r| = c, and falls as 2/r beyond",
    .imbalance = "not a classification loss",
    .use =
        "regression with gross outliers and a good starting point, as there may be several minima; "
        "otherwise use huber",
    .source = "Black and Anandan, The robust estimation of multiple motions, 1996",
    .elsewhere =
        "Ceres CauchyLoss(c) and SciPy least_squares loss='cauchy' with f_scale=c are c^2/2 times "
        "this loss; kornia cauchy_loss has c = sqrt(2)",
};

struct Cauchy {
  double c = 1.0;

  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    // log(1 + u^2) is 2 log|u| to the last bit long before the square overflows.
    constexpr double large = 1e10;
    const Scalar u = formula::abs(Scalar((prediction - target) / c));
    if (formula::less(u, large)) return formula::log1p(formula::square(u));
    return 2.0 * formula::log(u);
  }
  double gradient(double prediction, double target) const {
    const double u = (prediction - target) / c;
    const double slope = std::fabs(u) < 1.0 ? 2.0 * u / (1.0 + u * u) : 2.0 / (u + 1.0 / u);
    return slope / c;
  }
};

}  // namespace

extern const Loss cauchy = elementwise<Cauchy>(
    about_cauchy,
    {{"c", &Cauchy::c, interval::positive, "residual at which the gradient is largest"}});

}  // namespace losscalc
