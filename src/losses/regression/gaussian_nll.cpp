#include <algorithm>
#include <cmath>
#include <numbers>

#include "definition/domains/tuple.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_gaussian_nll{
    .name = "gaussian-nll",
    .summary = "negative log-likelihood of the target under a normal distribution",
    .formula = "l = (log v + (p - t)^2 / v) / 2, v = max(var, eps); full adds log(2 pi) / 2",
    .formula_tex = R"(\ell = \tfrac12 \left(\log v + (p - t)^2 / v\right))",
    .gradient = "dl/dp = (p - t) / v;  dl/dvar = (1 - (p - t)^2 / v) / (2 v), 0 where var < eps",
    .gradient_tex =
        R"(\partial\ell/\partial p = (p - t) / v,\ \partial\ell/\partial v = \tfrac12 \left(1 - (p - t)^2 / v\right) / v)",
    .aliases = {"gaussian-nll-loss"},
    .task = Task::regression,
    .properties = {.range = {}},
    .smoothness = "smooth where var > eps; kink at var = eps, slope 0 in var below",
    .outliers = "quadratic in the error, divided by the variance: small variances make it huge",
    .imbalance = "samples with a small variance weigh more",
    .use = "networks that predict a variance along with the mean",
    .source = "Nix & Weigend, Estimating the mean and variance of the target distribution, 1994",
    .elsewhere =
        "torch.nn.GaussianNLLLoss, whose gradient with respect to var ignores the floor eps",
};

struct GaussianNll {
  bool full = false;
  double eps = 1e-6;

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 3>& elements, double /*label*/) const {
    const auto& [prediction, target, variance] = elements;
    const Scalar v = formula::max(variance[0], Scalar(eps));
    const Scalar r = prediction[0] - target[0];
    const double constant = full ? 0.5 * std::log(2.0 * std::numbers::pi) : 0.0;
    return 0.5 * Scalar(formula::log(v) + formula::square(r) / v) + constant;
  }
  void gradient(const VectorTuple<double, 3>& elements, double /*label*/,
                const std::array<std::span<double>, 3>& derivatives) const {
    const auto& [prediction, target, variance] = elements;
    const double v = std::max(variance[0], eps);
    const double r = prediction[0] - target[0];
    derivatives[0][0] = r / v;
    derivatives[2][0] = variance[0] >= eps ? 0.5 * (1.0 - r * r / v) / v : 0.0;
  }
};

}  // namespace

extern const Loss gaussian_nll = element_tuple<GaussianNll, 3>(
    about_gaussian_nll,
    {Role{.name = "pred", .shape = "[N,d...]", .help = "predicted means", .differentiable = true},
     Role{.name = "target", .shape = "[N,d...]", .help = "targets, one per element of pred"},
     Role{.name = "var",
          .shape = "[N,d...], or with one number for all of the last axis",
          .help = "predicted variances",
          .differentiable = true,
          .valid = interval::non_negative}},
    {{"full", &GaussianNll::full, "add the constant log(2 pi) / 2"},
     {"eps", &GaussianNll::eps, interval::positive, "lower bound of the variance"}});

}  // namespace losscalc
