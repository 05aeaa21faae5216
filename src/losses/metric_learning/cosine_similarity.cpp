#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "definition/domains/tuple.h"
#include "formula/cosine.h"

namespace losscalc {
namespace {

const Description about_cosine_similarity{
    .name = "cosine-similarity",
    .summary = "one minus the cosine of the angle between prediction and target",
    .formula = "l = 1 - c, c = p.t / (|p| |t|); form=negative: -c; form=similarity: c",
    .formula_tex = R"(\ell = 1 - \frac{p \cdot t}{|p|\,|t|})",
    .gradient = "dl/dp = -(t/|t| - c p/|p|) / |p|",
    .gradient_tex = R"(\nabla_p\ell = -\left(t/|t| - c\, p/|p|\right) / |p|)",
    .aliases = {"cosine-distance", "cosine-proximity"},
    .task = Task::metric_learning,
    .properties = {.range = {.low = 0.0, .high = 2.0}},
    .smoothness = "smooth except at zero vectors, and where a squared length equals norm_floor",
    .outliers = "bounded: the lengths of vectors don't count",
    .imbalance = "independent of the lengths of vectors",
    .use = "embeddings and reconstructions where only the direction matters",
    .source = "Salton & McGill, Introduction to Modern Information Retrieval, 1983",
    .elsewhere =
        "keras CosineSimilarity (form=negative, norm_floor 1e-14), optax cosine_similarity (the "
        "score c) and cosine_distance",
};

enum class CosineForm : std::uint8_t { distance, negative, similarity };

struct CosineSimilarity {
  CosineForm form = CosineForm::distance;
  double norm_floor = 0.0;

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 3>& vectors, double /*label*/) const {
    const Masked<Scalar> p(vectors[0], vectors[2]);
    const Masked<Scalar> t(vectors[1], vectors[2]);
    if (form == CosineForm::distance) return cosine().distance(p.vector(), t.vector());
    const Scalar c = cosine().similarity(p.vector(), t.vector());
    return form == CosineForm::negative ? Scalar(0.0 - c) : c;
  }
  void gradient(const VectorTuple<double, 3>& vectors, double /*label*/,
                const std::array<std::span<double>, 3>& derivatives) const {
    const Masked<double> p(vectors[0], vectors[2]);
    const Masked<double> t(vectors[1], vectors[2]);
    for (const std::span<double> derivative : derivatives) std::ranges::fill(derivative, 0.0);
    cosine().add_distance_gradient(p.vector(), t.vector(),
                                   form == CosineForm::similarity ? -1.0 : 1.0, derivatives[0],
                                   derivatives[1]);
    for (std::size_t d = 0; d < vectors[2].size(); ++d) {
      if (vectors[2][d] == 0.0) derivatives[0][d] = derivatives[1][d] = 0.0;
    }
  }

 private:
  Cosine cosine() const { return {.norm_floor = norm_floor}; }

  /// A vector with 0 for the coordinates that a mask leaves out.
  template <class Scalar>
  class Masked {
   public:
    Masked(std::span<const Scalar> given, std::span<const Scalar> mask) : given_(given) {
      if (mask.empty()) return;
      kept_.assign(given.begin(), given.end());
      for (std::size_t d = 0; d < mask.size(); ++d) {
        if (formula::value_of(mask[d]) == 0.0) kept_[d] = Scalar(0.0);
      }
    }
    std::span<const Scalar> vector() const { return kept_.empty() ? given_ : kept_; }

   private:
    std::span<const Scalar> given_;
    std::vector<Scalar> kept_;
  };
};

}  // namespace

extern const Loss cosine_similarity = tuple<CosineSimilarity, 3>(
    about_cosine_similarity,
    {Role{.name = "pred",
          .shape = "[N,d...,D]",
          .help = "predicted vectors",
          .differentiable = true},
     Role{
         .name = "target", .shape = "[N,d...,D]", .help = "target vectors", .differentiable = true},
     Role{.name = "mask",
          .shape = "[N,d...,D]",
          .help = "1 for entries that count, 0 for the others",
          .optional = true,
          .valid = interval::unit}},
    {{"form",
      &CosineSimilarity::form,
      {{CosineForm::distance, "distance"},
       {CosineForm::negative, "negative"},
       {CosineForm::similarity, "similarity"}},
      "1 - c (distance), -c (negative), or the score c (similarity), which is not a loss"},
     {"norm_floor", &CosineSimilarity::norm_floor, interval::non_negative,
      "lower bound of each squared length"}});

}  // namespace losscalc
