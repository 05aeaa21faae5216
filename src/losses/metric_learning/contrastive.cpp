#include <algorithm>

#include "definition/domains/tuple.h"
#include "formula/distance.h"

namespace losscalc {
namespace {

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

extern const Loss contrastive;
const Loss contrastive = tuple<Contrastive, 2>(
    {.name = "contrastive",
     .aliases = {"contrastive-loss", "siamese"},
     .task = Task::metric_learning,
     .summary = "similar pairs should be close, others at least a margin apart",
     .formula = "l = d^2/2 for a similar pair, max(0, margin - d)^2/2 for another (no 1/2: "
                "half=false)",
     .formula_tex = R"(\ell = \tfrac12 y d^2 + \tfrac12 (1 - y) \max(0, m - d)^2)",
     .gradient = "similar: d grad d;  dissimilar: -max(0, margin - d) grad d",
     .gradient_tex = R"(\nabla\ell = \left(y d - (1 - y) \max(0, m - d)\right) \nabla d)",
     .properties = {},
     .smoothness =
         "once differentiable at the margin; kink where a dissimilar pair is equal (l2), and in l1",
     .outliers = "quadratic in the distance of similar pairs",
     .imbalance = "many dissimilar pairs beyond the margin give nothing; their share sets the "
                  "scale of the mean",
     .use = "Siamese networks; label 1 means similar unless similar=0, as in the original paper",
     .source =
         "Hadsell, Chopra & LeCun, Dimensionality reduction by learning an invariant mapping, 2006",
     .elsewhere = "Caffe and Chainer (the same), TF-addons (half=false), help-transformers "
                  "(cosine, margin 0.5); pytorch-metric-learning doesn't square"},
    {Role{"x1", "[N,D]", "first vectors of the pairs", false, true},
     Role{"x2", "[N,D]", "second vectors of the pairs", false, true}},
    {{"margin", &Contrastive::margin, interval::non_negative,
      "the distance from which dissimilar pairs cost nothing"},
     {"similar", &Contrastive::similar, interval::unit, "the label of similar pairs: 1 or 0"},
     {"half", &Contrastive::half, "whether squares are halved"},
     {"distance", &Contrastive::distance, distance_names(), "how far apart two vectors are"},
     {"distance_eps", &Contrastive::distance_eps, interval::non_negative,
      "added to each difference of coordinates"}},
    {Role{"label", "[N]", "0 or 1 for each pair; 1 means similar unless similar=0"}});

}  // namespace losscalc
