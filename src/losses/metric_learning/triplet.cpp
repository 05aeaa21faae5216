#include <algorithm>
#include <cmath>

#include "definition/domains/tuple.h"
#include "diagnostics/error.h"
#include "formula/distance.h"

namespace losscalc {
namespace {

const Description about_triplet{
    .name = "triplet",
    .summary = "penalty unless the anchor is nearer to its positive than to a negative",
    .formula = "l = max(0, d(a, p) - d(a, n) + margin)",
    .formula_tex = R"(\ell = \max(0, d(a, p) - d(a, n) + m))",
    .gradient =
        "where l > 0: dl/dp = dd(a,p)/dp, dl/dn = -dd(a,n)/dn, dl/da = dd(a,p)/da - dd(a,n)/da",
    .gradient_tex = R"(\nabla\ell = \nabla d(a, p) - \nabla d(a, n)\ \text{where}\ \ell > 0)",
    .aliases = {"triplet-margin"},
    .task = Task::metric_learning,
    .smoothness =
        "kink where the margin is just met, where swap ties, and for l2 where two vectors are "
        "equal",
    .outliers = "linear in the distances (quadratic for squared-l2, bounded for cosine)",
    .imbalance = "depends on how triplets are chosen, not on class sizes",
    .use = "embeddings for retrieval and verification",
    .source =
        "Schroff, Kalenichenko & Philbin, FaceNet, 2015 (squared-l2); swap: Balntas et al. 2016",
    .elsewhere =
        "torch.nn.TripletMarginLoss has distance_eps=1e-6; optax adds its eps to the sum of "
        "squares; FaceNet, Chainer and MXNet use squared-l2",
};

struct Triplet {
  double margin = 1.0;
  DistanceKind distance = DistanceKind::l2;
  bool swap = false;
  double distance_eps = 0.0;
  double norm = 2.0;
  EpsilonAt eps_at = EpsilonAt::difference;

  void check_parameters() const {
    if (distance == DistanceKind::signed_lp && std::fmod(norm, 2.0) != 1.0)
      throw Error(ErrorCode::bad_value, "distance=signed-lp needs an odd norm");
  }

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 3>& vectors, double /*label*/) const {
    const auto& [anchor, positive, negative] = vectors;
    const Scalar near = metric().value(anchor, positive);
    Scalar far = metric().value(anchor, negative);
    if (swap) far = formula::min(far, metric().value(positive, negative));
    return formula::positive_part(Scalar(near - far + margin));
  }

  void gradient(const VectorTuple<double, 3>& vectors, double label,
                const std::array<std::span<double>, 3>& derivatives) const {
    const auto& [anchor, positive, negative] = vectors;
    for (const std::span<double> derivative : derivatives) std::ranges::fill(derivative, 0.0);
    if (!(value(vectors, label) > 0.0)) return;
    metric().add_gradient(anchor, positive, 1.0, derivatives[0], derivatives[1]);
    const bool swapped =
        swap && metric().value(positive, negative) < metric().value(anchor, negative);
    if (swapped) {
      metric().add_gradient(positive, negative, -1.0, derivatives[1], derivatives[2]);
    } else {
      metric().add_gradient(anchor, negative, -1.0, derivatives[0], derivatives[2]);
    }
  }

 private:
  Distance metric() const { return {distance, distance_eps, norm, eps_at}; }
};

}  // namespace

extern const Loss triplet = tuple<Triplet, 3>(
    about_triplet,
    {Role{.name = "anchor",
          .shape = "[N,D]",
          .help = "embeddings of the anchors",
          .differentiable = true},
     Role{.name = "positive",
          .shape = "[N,D]",
          .help = "embeddings of the anchor's class",
          .differentiable = true},
     Role{.name = "negative",
          .shape = "[N,D]",
          .help = "embeddings of another class",
          .differentiable = true}},
    {{"margin", &Triplet::margin, interval::non_negative,
      "how much farther the negative must be for a loss of 0"},
     {"distance", &Triplet::distance, distance_names_and_signed(), "distance between two vectors"},
     {"swap", &Triplet::swap,
      "use the distance from positive to negative where it is smaller than from the anchor"},
     {"distance_eps", &Triplet::distance_eps, interval::non_negative,
      "added to each coordinate difference, or as eps_at says"},
     {"eps_at",
      &Triplet::eps_at,
      {{EpsilonAt::difference, "difference"}, {EpsilonAt::sum, "sum"}},
      "add distance_eps to each difference, or to the sum under the root"},
     {"norm", &Triplet::norm, Interval{.low = 1.0, .high_open = true},
      "exponent p of distance=lp, and of signed-lp, where it must be odd"}});

}  // namespace losscalc
