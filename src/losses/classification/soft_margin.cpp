#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_soft_margin{
    .name = "soft-margin",
    .summary = "logistic loss of a score against a target of -1 or 1",
    .formula = "l = log(1 + exp(-t s)), t in {-1, 1}",
    .formula_tex = R"(\ell = \log(1 + e^{-t s}))",
    .gradient = "dl/ds = -t / (1 + exp(t s))",
    .gradient_tex = R"(\partial\ell/\partial s = -t / (1 + e^{t s}))",
    .task = Task::classification,
    .properties = {.convex = true},
    .smoothness = "smooth everywhere",
    .outliers = "linear in the score on the wrong side",
    .imbalance = "frequent classes dominate the mean: sample weights help",
    .use = "two classes with targets -1 and 1; equals binary-cross-entropy on logits",
    .source = "Cox, The regression analysis of binary sequences, 1958",
    .elsewhere =
        "torch.nn.SoftMarginLoss, MXNet LogisticLoss (label_format signed), mlpack "
        "SoftMarginLoss",
};

struct SoftMargin {
  /// `target` is -1 or 1.
  template <class Scalar>
  Scalar value(const Scalar& score, double target) const {
    return formula::softplus(Scalar(-target * score));
  }
  double gradient(double score, double target) const {
    return -target * formula::sigmoid(-target * score);
  }
};

}  // namespace

extern const Loss soft_margin = elementwise<SoftMargin>(about_soft_margin, {}, TargetValues::signs);

}  // namespace losscalc
