#include <algorithm>
#include <cmath>

#include "definition/domains/tuple.h"
#include "formula/cosine.h"

namespace losscalc {
namespace {

const Description about_cosine_embedding{
    .name = "cosine-embedding",
    .summary = "aligns similar vectors, and keeps the cosine of others below a margin",
    .formula =
        "l = 1 - c for a similar pair (y = 1), max(0, c - margin) for a dissimilar one; c = x1.x2 "
        "/ (|x1| |x2|)",
    .formula_tex = R"(\ell = 1 - \cos(x_1, x_2),\ \text{or}\ \max(0, \cos(x_1, x_2) - m))",
    .gradient = "similar: -grad c;  dissimilar, where l > 0: grad c",
    .gradient_tex = R"(\nabla\ell = \mp\nabla\cos(x_1, x_2))",
    .aliases = {"cosine-embedding-loss"},
    .task = Task::metric_learning,
    .smoothness = "kink where a dissimilar pair just meets the margin, and at zero vectors",
    .outliers = "bounded: the lengths of vectors don't count",
    .imbalance =
        "dissimilar pairs beyond the margin have no loss; their share sets the scale of the mean",
    .use = "embeddings that are compared by their direction",
    .source = "Wang, Lu & Zhang, Learning two-branch networks, 2016; in Torch's form",
    .elsewhere = "torch.nn.CosineEmbeddingLoss (norm_eps 1e-12)",
};

struct CosineEmbedding {
  double margin = 0.0;
  double norm_eps = 0.0;

  /// A label of neither -1 nor 1 has no loss, as in PyTorch.
  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 2>& vectors, double label) const {
    if (std::fabs(label) != 1.0) return 0.0;
    if (label > 0.0) return cosine().distance(vectors[0], vectors[1]);
    return formula::positive_part(Scalar(cosine().similarity(vectors[0], vectors[1]) - margin));
  }
  void gradient(const VectorTuple<double, 2>& vectors, double label,
                const std::array<std::span<double>, 2>& derivatives) const {
    for (const std::span<double> derivative : derivatives) std::ranges::fill(derivative, 0.0);
    if (std::fabs(label) != 1.0) return;
    const bool similar = label > 0.0;
    if (!similar && !(value(vectors, label) > 0.0)) return;
    cosine().add_distance_gradient(vectors[0], vectors[1], similar ? 1.0 : -1.0, derivatives[0],
                                   derivatives[1]);
  }

 private:
  Cosine cosine() const { return {.norm_eps = norm_eps}; }
};

}  // namespace

extern const Loss cosine_embedding = with_signs(tuple<CosineEmbedding, 2>(
    about_cosine_embedding,
    {Role{.name = "x1",
          .shape = "[N,D]",
          .help = "first vectors of the pairs",
          .differentiable = true},
     Role{.name = "x2",
          .shape = "[N,D]",
          .help = "second vectors of the pairs",
          .differentiable = true}},
    {{"margin", &CosineEmbedding::margin, Interval{.low = -1.0, .high = 1.0},
      "cosine below which dissimilar pairs have no loss"},
     {"norm_eps", &CosineEmbedding::norm_eps, interval::non_negative,
      "added to each squared length"}},
    {Role{.name = "label",
          .shape = "[N]",
          .help = "1 for similar pairs, -1 (or 0) for dissimilar ones"}}));

}  // namespace losscalc
