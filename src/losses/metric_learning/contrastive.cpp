#include <algorithm>

#include "definition/domains/tuple.h"
#include "formula/distance.h"

namespace losscalc {
namespace {

const Description about_contrastive{
    .name = "contrastive",
    .summary = "pulls similar pairs together, pushes others at least a margin apart",
    .formula =
        "l = d^2/2 for a similar pair, max(0, margin - d)^2/2 for a dissimilar one (half=false: "
        "without 1/2)",
    .formula_tex = R"(\ell = \tfrac12 y d^2 + \tfrac12 (1 - y) \max(0, m - d)^2)",
    .gradient = "similar: d grad d;  dissimilar: -max(0, margin - d) grad d",
    .gradient_tex = R"(\nabla\ell = \left(y d - (1 - y) \max(0, m - d)\right) \nabla d)",
    .aliases = {"contrastive-loss", "siamese"},
    .task = Task::metric_learning,
    .smoothness =
        "once differentiable at the margin; kink where the vectors of a dissimilar pair are equal "
        "(l2), and in l1",
    .outliers = "quadratic in the distance of similar pairs",
    .imbalance =
        "dissimilar pairs beyond the margin have no loss; their share sets the scale of the mean",
    .use =
        "Siamese networks; label 1 means similar unless similar=0, the convention of the original "
        "paper",
    .source =
        "Hadsell, Chopra & LeCun, Dimensionality reduction by learning an invariant mapping, 2006",
    .elsewhere =
        "Caffe and Chainer (equal), TF-addons (half=false), sentence-transformers (cosine, margin "
        "0.5); pytorch-metric-learning doesn't square",
};

struct Contrastive {
  double margin = 1.0;
  std::int64_t similar = 1;
  bool half = true;
  DistanceKind distance = DistanceKind::l2;
  double distance_eps = 0.0;

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 2>& vectors, double label) const {
    const Scalar d = metric().value(vectors[0], vectors[1]);
    return factor() *
           formula::square(is_similar(label) ? d : formula::positive_part(Scalar(margin - d)));
  }

  void gradient(const VectorTuple<double, 2>& vectors, double label,
                const std::array<std::span<double>, 2>& derivatives) const {
    for (const std::span<double> derivative : derivatives) std::ranges::fill(derivative, 0.0);
    const auto& [x1, x2] = vectors;
    const double d = metric().value(x1, x2);
    const double slope = is_similar(label) ? 2.0 * d : -2.0 * std::max(0.0, margin - d);
    metric().add_gradient(x1, x2, factor() * slope, derivatives[0], derivatives[1]);
  }

 private:
  bool is_similar(double label) const { return label == static_cast<double>(similar); }
  double factor() const { return half ? 0.5 : 1.0; }
  Distance metric() const { return {distance, distance_eps}; }
};

}  // namespace

extern const Loss contrastive = tuple<Contrastive, 2>(
    about_contrastive,
    {Role{.name = "x1",
          .shape = "[N,D]",
          .help = "first vectors of the pairs",
          .differentiable = true},
     Role{.name = "x2",
          .shape = "[N,D]",
          .help = "second vectors of the pairs",
          .differentiable = true}},
    {{"margin", &Contrastive::margin, interval::non_negative,
      "distance from which dissimilar pairs have no loss"},
     {"similar", &Contrastive::similar, interval::unit, "label of similar pairs: 1 or 0"},
     {"half", &Contrastive::half, "halve the squares"},
     {"distance", &Contrastive::distance, distance_names(), "distance between two vectors"},
     {"distance_eps", &Contrastive::distance_eps, interval::non_negative,
      "added to each coordinate difference"}},
    {Role{.name = "label",
          .shape = "[N]",
          .help = "0 or 1 for each pair; 1 means similar unless similar=0"}});

}  // namespace losscalc
