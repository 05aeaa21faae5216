#include <cmath>
#include <string>

#include "definition/domains/elementwise.h"
#include "diagnostics/error.h"
#include "formula/deviance.h"
#include "formula/functions.h"
#include "text/number.h"

namespace losscalc {
namespace {

const Description about_kl_divergence{
    .name = "kl-divergence",
    .summary = "terms of the Kullback-Leibler divergence KL(target || prediction)",
    .formula =
        "l = t log t - t log q, 0 where t = 0; generalized adds q - t; log_pred and "
        "log_target: log q and log t are given",
    .formula_tex = R"(\ell = t \log(t / q) \; [{} + q - t])",
    .gradient = "dl/dq = -t / q;  with log_pred: dl/dlog q = -t;  generalized adds 1, or q",
    .gradient_tex = R"(\partial\ell/\partial q = -t / q \; [{} + 1])",
    .aliases = {"kl", "kl-div"},
    .task = Task::classification,
    .properties = {.range = {}, .convex = true, .zero_at_target = true},
    .smoothness = "smooth where q > 0; with clip, kinks at q = clip and q = 1 and slope 0 beyond",
    .outliers = "infinite where q = 0 and t > 0, unless clipped",
    .imbalance = "classes count in proportion to their target probability",
    .use =
        "distillation and other soft targets; each unit is one term: sum over a row for its "
        "divergence (reduction sum, or batchmean for the mean over rows)",
    .source = "Kullback & Leibler, On information and sufficiency, 1951",
    .elsewhere =
        "torch.nn.KLDivLoss (log_pred), keras KLDivergence (clip 1e-7), optax kl_divergence; scipy "
        "rel_entr, and kl_div for the generalized form",
};

struct KlDivergence {
  bool log_pred = false;
  bool log_target = false;
  double clip = 0.0;
  bool generalized = false;

  void check_parameters() const {
    if (clip == 0.0 || !(log_pred || log_target)) return;
    throw Error(ErrorCode::bad_value, "clip must be 0 where " +
                                          std::string(log_pred ? "log_pred" : "log_target") +
                                          " is true, found " + text::shortest(clip));
  }
  ElementDomain domain() const {
    return {.prediction = log_pred ? Interval{} : interval::non_negative,
            .target = log_target ? Interval{} : interval::non_negative,
            .log_prediction = log_pred,
            .log_target = log_target};
  }

  template <class Scalar>
  Scalar value(const Scalar& prediction, double target) const {
    const double t = probability_of(target);
    // t log(t/q) + q - t is of order (q - t)^2 near q = t, where its terms cancel to first order:
    // the integral of (u - t) / u from t to q has the digits that the closed form loses.
    if (generalized && !log_pred) {
      const Scalar difference = clipped(prediction) - t;
      if (formula::less(formula::abs(difference), 0.25 * t))
        return formula::deviance_nearby(difference, t, 1.0);
    }
    Scalar loss = 0.0;
    // The limit of t log t at 0 is 0; the term is left out because 0 log 0 is NaN, also for q = 0.
    if (t != 0.0) {
      const Scalar log_q = log_pred ? prediction : formula::log(clipped(prediction));
      loss = t * Scalar((log_target ? target : std::log(t)) - log_q);
    }
    if (generalized) loss += (log_pred ? formula::exp(prediction) : clipped(prediction)) - t;
    return loss;
  }
  double gradient(double prediction, double target) const {
    const double t = probability_of(target);
    if (log_pred) return (generalized ? std::exp(prediction) : 0.0) - t;
    if (clip > 0.0 && !(prediction >= clip && prediction <= 1.0)) return 0.0;
    if (generalized) return t == 0.0 ? 1.0 : (prediction - t) / prediction;
    return t == 0.0 ? 0.0 : -t / prediction;
  }

 private:
  double probability_of(double target) const {
    return log_target ? std::exp(target) : clipped(target);
  }
  template <class Scalar>
  Scalar clipped(const Scalar& probability) const {
    if (clip == 0.0) return probability;
    return formula::min(formula::max(probability, Scalar(clip)), Scalar(1.0));
  }
};

}  // namespace

extern const Loss kl_divergence = elementwise<KlDivergence>(
    about_kl_divergence,
    {{"log_pred", &KlDivergence::log_pred, "take predictions as log-probabilities"},
     {"log_target", &KlDivergence::log_target, "take targets as log-probabilities"},
     {"clip", &KlDivergence::clip, interval::unit,
      "clip predictions and targets to [X, 1]; 0 does not clip"},
     {"generalized", &KlDivergence::generalized,
      "add q - t to each term, for rows that don't sum to 1; no term is then negative"}});

}  // namespace losscalc
