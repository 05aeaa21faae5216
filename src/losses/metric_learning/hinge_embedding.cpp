#include "definition/domains/elementwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_hinge_embedding{
    .name = "hinge-embedding",
    .summary = "distance x of similar pairs, max(0, margin - x) of dissimilar ones",
    .formula = "l = x if t = 1, max(0, margin - x) if t = -1; x is a distance",
    .formula_tex = R"(\ell = \begin{cases} x & t = 1 \\ \max(0, m - x) & t = -1 \end{cases})",
    .gradient = "dl/dx = 1 if t = 1; if t = -1: -1 where x < margin, else 0",
    .gradient_tex =
        R"(\partial\ell/\partial x = \begin{cases} 1 & t = 1 \\ -[x < m] & t = -1 \end{cases})",
    .aliases = {"hinge-embedding-loss"},
    .task = Task::metric_learning,
    .properties = {.range = {}, .convex = true},
    .smoothness = "kink at x = margin where t = -1",
    .outliers = "linear in the distance of similar pairs",
    .imbalance = "dissimilar pairs beyond the margin add nothing to the gradient",
    .use =
        "distances that are already computed; contrastive takes the vectors and squares their "
        "distance",
    .source = "PyTorch, HingeEmbeddingLoss",
    .elsewhere = "torch.nn.HingeEmbeddingLoss, mlpack HingeEmbeddingLoss",
};

struct HingeEmbedding {
  double margin = 1.0;

  /// A target of neither -1 nor 1 has both terms, as in PyTorch.
  template <class Scalar>
  Scalar value(const Scalar& distance, double target) const {
    Scalar sum = 0.0;
    if (target != -1.0) sum += distance;
    if (target != 1.0) sum += formula::positive_part(Scalar(margin - distance));
    return sum;
  }
  double gradient(double distance, double target) const {
    const double similar = target != -1.0 ? 1.0 : 0.0;
    return target != 1.0 && margin - distance > 0.0 ? similar - 1.0 : similar;
  }
};

}  // namespace

extern const Loss hinge_embedding =
    elementwise<HingeEmbedding>(about_hinge_embedding,
                                {{"margin", &HingeEmbedding::margin, interval::non_negative,
                                  "distance from which dissimilar pairs have no loss"}},
                                TargetValues::signs);

}  // namespace losscalc
