#include <cmath>
#include <numbers>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_poisson_nll{
    .name = "poisson-nll",
    .summary = "negative log-likelihood of a count under the predicted Poisson rate",
    .formula =
        "l = exp(p) - t p, or with log_input=false: p - t log(p + eps); full adds t log t - t + "
        "log(2 pi t)/2 where t > 1",
    .formula_tex = R"(\ell = e^p - t p \quad\text{or}\quad \ell = p - t \log(p + \varepsilon))",
    .gradient = "dl/dp = exp(p) - t, or with log_input=false: 1 - t / (p + eps)",
    .gradient_tex =
        R"(\partial\ell/\partial p = e^p - t \quad\text{or}\quad 1 - t / (p + \varepsilon))",
    .aliases = {"poisson", "poisson-nll-loss"},
    .task = Task::regression,
    .properties = {.range = {}, .convex = true},
    .smoothness = "smooth; with log_input=false, undefined for p <= -eps",
    .outliers = "a log-rate that is too large costs exponentially, one that is too small linearly",
    .imbalance = "not a classification loss; rows with large counts dominate",
    .use =
        "counts of events, visits or photons; use tweedie-deviance if the smallest value should be "
        "0",
    .source = "Nelder & Wedderburn, Generalized linear models, 1972",
    .elsewhere =
        "torch.nn.PoissonNLLLoss, MXNet PoissonNLLLoss; keras Poisson takes rates and eps 1e-7; "
        "XGBoost and LightGBM bound the rate from below",
};

struct PoissonNll {
  bool log_input = true;
  bool full = false;
  double eps = 1e-8;

  ElementDomain domain() const {
    if (log_input) return {.log_prediction = true};
    return {.prediction = {-eps, infinity, true, true}};
  }

  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    const double constant = full ? stirling(target) : 0.0;
    if (log_input) return formula::exp(prediction) - target * prediction + constant;
    if (target == 0.0) return prediction;
    return prediction - target * formula::log(Scalar(prediction + eps)) + constant;
  }
  double gradient(double prediction, double target) const {
    return log_input ? std::exp(prediction) - target : 1.0 - target / (prediction + eps);
  }

  /// About log(target!).
  static double stirling(double target) {
    if (!(target > 1.0)) return 0.0;
    return target * std::log(target) - target + 0.5 * std::log(2.0 * std::numbers::pi * target);
  }
};

}  // namespace

extern const Loss poisson_nll = elementwise<PoissonNll>(
    about_poisson_nll,
    {{"log_input", &PoissonNll::log_input, "take predictions as logarithms of rates"},
     {"full", &PoissonNll::full, "add Stirling's approximation of log t! where t > 1"},
     {"eps", &PoissonNll::eps, interval::non_negative,
      "added to rates before taking the logarithm"}});

}  // namespace losscalc
