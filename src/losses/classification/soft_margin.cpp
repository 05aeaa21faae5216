#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

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

extern const Loss soft_margin;
const Loss soft_margin = elementwise<SoftMargin>(
    {.name = "soft-margin",
     .aliases = {},
     .task = Task::classification,
     .summary = "logistic loss of a score against a sign",
     .formula = "l = log(1 + exp(-t s)), t in {-1, 1}",
     .formula_tex = R"(\ell = \log(1 + e^{-t s}))",
     .gradient = "dl/ds = -t / (1 + exp(t s))",
     .gradient_tex = R"(\partial\ell/\partial s = -t / (1 + e^{t s}))",
     .properties = {.convex = true},
     .smoothness = "smooth everywhere",
     .outliers = "linear in how far a score is on the wrong side",
     .imbalance = "frequent classes dominate the mean: sample weights help",
     .use = "two classes with targets -1 and 1; the same as binary-cross-entropy on logits",
     .source = "Cox, The regression analysis of binary sequences, 1958",
     .elsewhere = "torch.nn.SoftMarginLoss, MXNet LogisticLoss (label_format signed), mlpack "
                  "SoftMarginLoss"},
    {}, TargetValues::signs);

}  // namespace losscalc
