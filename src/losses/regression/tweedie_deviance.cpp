#include <algorithm>
#include <cmath>
#include <limits>

#include "definition/domains/elementwise.h"
#include "diagnostics/error.h"
#include "formula/deviance.h"
#include "formula/functions.h"
#include "text/number.h"

namespace losscalc {
namespace {

const Description about_tweedie_deviance{
    .name = "tweedie-deviance",
    .summary = "deviance of a distribution whose variance is a power of its mean",
    .formula =
        "l = 2 (t^(2-q) / ((1-q)(2-q)) - t p^(1-q) / (1-q) + p^(2-q) / (2-q)), q = power; q = 0: "
        "(p - t)^2; q = 1: 2 (t log(t/p) - t + p); q = 2: 2 (log(p/t) + t/p - 1); q < 0: t^(2-q) "
        "is 0 where t < 0",
    .formula_tex =
        R"(\ell = 2 \left(\frac{t^{2-q}}{(1-q)(2-q)} - \frac{t p^{1-q}}{1-q} + \frac{p^{2-q}}{2-q}\right))",
    .gradient = "dl/dp = 2 (p - t) / p^power",
    .gradient_tex = R"(\partial\ell/\partial p = 2 (p - t) p^{-q})",
    .aliases = {"tweedie"},
    .task = Task::regression,
    .properties = {.convex = true, .zero_at_target = true, .symmetric = true},
    .smoothness = "smooth where p > 0, as required unless power = 0",
    .outliers =
        "residuals are scaled by the variance p^power: a larger power gives large values less "
        "weight",
    .imbalance = "not a classification loss",
    .use =
        "power 1 for counts, between 1 and 2 for amounts that may be 0, 2 for positive amounts, 3 "
        "for inverse Gaussian times",
    .source = "Jorgensen, Exponential dispersion models, 1987",
    .elsewhere =
        "sklearn mean_tweedie_deviance, mean_poisson_deviance, mean_gamma_deviance; XGBoost and "
        "LightGBM omit the factor 2 and the term that depends only on t",
};

struct TweedieDeviance {
  double power = 0.0;

  void check_parameters() const {
    if (!(power > 0.0 && power < 1.0)) return;
    throw Error(ErrorCode::bad_value, "power must be <= 0 or >= 1, found " + text::shortest(power),
                {}, "there is no Tweedie distribution with a power between 0 and 1");
  }
  ElementDomain domain() const {
    if (power == 0.0) return {};
    if (power < 0.0) return {.prediction = interval::positive};
    return {.prediction = interval::positive,
            .target = power < 2.0 ? interval::non_negative : interval::positive};
  }

  /// d(p, t) = 2 times the integral of (u - t) / u^power over u from t to p. Near p = t the closed
  /// form loses all digits (its terms are of order p^(2-q), their sum of order (p - t)^2), so the
  /// integral is evaluated there. Powers 1 and 2 are the limits of the general form, which divides
  /// by 0 there.
  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    const Scalar difference = prediction - target;
    if (power == 0.0) return formula::square(difference);
    const double near = 0.25 * target / std::max(1.0, std::fabs(power));
    if (formula::less(formula::abs(difference), near))
      return 2.0 * formula::deviance_nearby(difference, target, power);
    if (power == 1.0) return poisson(prediction, target);
    if (power == 2.0) return gamma(prediction, target);
    return general(prediction, target);
  }
  double gradient(double prediction, double target) const {
    const double difference = prediction - target;
    if (power == 0.0) return 2.0 * difference;
    return 2.0 * (difference / prediction) * std::pow(prediction, 1.0 - power);
  }

 private:
  template <class Scalar>
  static Scalar poisson(const Scalar& prediction, double target) {
    if (target == 0.0) return 2.0 * prediction;
    // A ratio that overflows has a finite logarithm, and t log(p/t) is negligible beside p.
    const Scalar largest = std::numeric_limits<double>::max();
    const Scalar ratio = formula::min(Scalar(prediction / target), largest);
    return 2.0 * (prediction - target - target * formula::log(ratio));
  }

  template <class Scalar>
  static Scalar gamma(const Scalar& prediction, double target) {
    return 2.0 * (formula::log(prediction) - std::log(target) + target / prediction - 1.0);
  }

  template <class Scalar>
  Scalar general(const Scalar& prediction, double target) const {
    const double one_less = 1.0 - power;
    const double two_less = 2.0 - power;
    if (target == 0.0) return (2.0 / two_less) * formula::pow(prediction, two_less);
    const double constant = std::pow(std::max(target, 0.0), two_less) / (one_less * two_less);
    // One power for both terms: two could overflow to infinities of opposite sign.
    return 2.0 *
           (formula::pow(prediction, one_less) * Scalar(prediction / two_less - target / one_less) +
            constant);
  }
};

}  // namespace

extern const Loss tweedie_deviance = elementwise<TweedieDeviance>(
    about_tweedie_deviance,
    {{"power", &TweedieDeviance::power, interval::finite,
      "exponent q of the variance function, variance = mean^q; <= 0 or >= 1"}});

}  // namespace losscalc
