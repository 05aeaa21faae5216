#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_binary_hinge{
    .name = "binary-hinge",
    .summary = "penalty for scores on the wrong side of the margin, for two classes",
    .formula = "l = max(0, margin - t s)^power, t in {-1, 1}",
    .formula_tex = R"(\ell = \max(0, m - t s)^q)",
    .gradient = "dl/ds = -t power max(0, margin - t s)^(power - 1) where t s < margin, else 0",
    .gradient_tex = R"(\partial\ell/\partial s = -t\,q \max(0, m - t s)^{q-1})",
    .aliases = {"hinge-binary"},
    .task = Task::classification,
    .properties = {.convex = true},
    .smoothness = "power 1: kink at t s = margin; power 2: once differentiable",
    .outliers = "linear in the violation (power 1) or quadratic (power 2)",
    .imbalance = "frequent classes dominate the mean: sample weights help",
    .use = "support vector machines with two classes; targets are -1 and 1, or 0 and 1",
    .source = "Cortes & Vapnik, Support-vector networks, 1995",
    .elsewhere =
        "keras Hinge and SquaredHinge, sklearn hinge_loss; optax hinge_loss takes only -1 and 1; "
        "torchmetrics applies a sigmoid to all scores if any lies outside [0,1]",
};

struct BinaryHinge {
  double margin = 1.0;
  std::int64_t power = 1;

  /// `target` is -1 or 1.
  template <class Scalar>
  Scalar value(const Scalar& score, double target) const {
    const Scalar violation = formula::positive_part(Scalar(margin - target * score));
    return power == 1 ? violation : formula::square(violation);
  }
  double gradient(double score, double target) const {
    const double violation = margin - target * score;
    if (!(violation > 0.0)) return 0.0;
    return power == 1 ? -target : -2.0 * target * violation;
  }
};

}  // namespace

extern const Loss binary_hinge = elementwise<BinaryHinge>(
    about_binary_hinge,
    {{"margin", &BinaryHinge::margin, interval::non_negative,
      "score on the right side from which the loss is 0"},
     {"power", &BinaryHinge::power, Interval{1.0, 2.0}, "exponent of the violations, 1 or 2"}},
    TargetValues::signs);

}  // namespace losscalc
