#include "definition/domains/binary.h"

namespace losscalc {
namespace {

const Description about_binary_cross_entropy{
    .name = "binary-cross-entropy",
    .summary = "negative log-likelihood of a yes-or-no outcome",
    .formula = "l = -(w t log p + (1 - t) log(1 - p)), w the positive weight",
    .formula_tex = R"(\ell = -(w\,t \log p + (1 - t) \log(1 - p)))",
    .gradient =
        "dl/dp = -w t / p + (1 - t) / (1 - p);  with respect to the logit, for w = 1: p - t",
    .gradient_tex = R"(\partial\ell/\partial z = (1 - t)\,p - w\,t\,(1 - p))",
    .aliases = {"bce", "logistic"},
    .task = Task::classification,
    .properties = {.convex = true, .zero_at_target = true},
    .smoothness =
        "smooth in logits; in probabilities the slope grows without bound towards the wrong end",
    .outliers = "a confident wrong prediction has an unbounded loss, linear in its logit",
    .imbalance =
        "frequent negatives dominate rare positives: use a positive weight (negatives / positives) "
        "or focal",
    .use = "two classes, or several labels that can hold at the same time",
    .source = "Good, Rational decisions, 1952; Bishop, PRML, 2006, equation 4.90",
    .elsewhere =
        "torch BCELoss (logs floored at -100) and BCEWithLogitsLoss, keras "
        "BinaryCrossentropy (eps 1e-7), sklearn log_loss of P(1), MXNet SigmoidBCELoss",
};

struct BinaryCrossEntropy {
  template <class Scalar>
  Scalar value(const Bernoulli<Scalar>& p, const BinaryTarget& t) const {
    return 0.0 - weighted(positive(t), p.log_p) - weighted(1.0 - t.target, p.log_q);
  }
  Bernoulli<double> gradient(const Bernoulli<double>& /*p*/, const BinaryTarget& t) const {
    return {-positive(t), -(1.0 - t.target)};
  }

 private:
  static double positive(const BinaryTarget& t) { return t.positive_weight * t.target; }

  /// A certain answer that is not asked for costs nothing: 0 log 0 = 0.
  template <class Scalar>
  static Scalar weighted(double weight, const Scalar& log_probability) {
    return weight == 0.0 ? Scalar(0.0) : Scalar(weight * log_probability);
  }
};

}  // namespace

extern const Loss binary_cross_entropy = binary<BinaryCrossEntropy>(about_binary_cross_entropy, {});

}  // namespace losscalc
