#include <algorithm>

#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_binary_sparsemax{
    .name = "binary-sparsemax",
    .summary = "sparsemax for two classes: a squared hinge, linear where t s <= -1",
    .formula = "l = 0 if t s >= 1, -t s if t s <= -1, else (1 - t s)^2 / 4; t in {-1, 1}",
    .formula_tex = R"(\ell = \tfrac14 (1 - t s)^2\ \text{for}\ |t s| \le 1)",
    .gradient = "dl/ds = -t min(1, max(0, (1 - t s) / 2))",
    .gradient_tex = R"(\partial\ell/\partial s = -t \min(1, \max(0, (1 - t s) / 2)))",
    .aliases = {"sparsemax-binary"},
    .task = Task::classification,
    .properties = {.convex = true},
    .smoothness = "once differentiable everywhere",
    .outliers = "linear in the score on the wrong side",
    .imbalance = "frequent classes dominate the mean: sample weights help",
    .use = "two classes when probabilities may be exactly 0 or 1",
    .source = "Martins & Astudillo, From softmax to sparsemax, 2016",
    .elsewhere =
        "optax sparsemax_loss; a quarter of the modified Huber loss of sklearn's "
        "SGDClassifier",
};

struct BinarySparsemax {
  /// `target` is -1 or 1.
  template <class Scalar>
  Scalar value(const Scalar& score, double target) const {
    const Scalar wrong = -target * score;
    if (!formula::less(wrong, Scalar(1.0))) return wrong;
    return 0.25 * formula::square(formula::positive_part(Scalar(wrong + 1.0)));
  }
  double gradient(double score, double target) const {
    return -target * std::clamp(0.5 * (1.0 - target * score), 0.0, 1.0);
  }
};

}  // namespace

extern const Loss binary_sparsemax =
    elementwise<BinarySparsemax>(about_binary_sparsemax, {}, TargetValues::signs);

}  // namespace losscalc
