#include <algorithm>
#include <cstdint>

#include "definition/cosine.h"
#include "definition/tuple.h"

namespace losscalc {
namespace {

enum class CosineForm : std::uint8_t { distance, negative, similarity };

struct CosineSimilarity {
  CosineForm form = CosineForm::distance;
  double norm_floor = 0.0;

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 2>& vectors, double /*label*/) const {
    if (form == CosineForm::distance) return cosine().distance(vectors[0], vectors[1]);
    const Scalar c = cosine().similarity(vectors[0], vectors[1]);
    return form == CosineForm::negative ? Scalar(0.0 - c) : c;
  }
  void gradient(const VectorTuple<double, 2>& vectors, double /*label*/,
                const std::array<std::span<double>, 2>& derivatives) const {
    for (const std::span<double> derivative : derivatives) std::ranges::fill(derivative, 0.0);
    cosine().add_distance_gradient(vectors[0], vectors[1],
                                   form == CosineForm::similarity ? -1.0 : 1.0, derivatives[0],
                                   derivatives[1]);
  }

 private:
  Cosine cosine() const { return {.norm_floor = norm_floor}; }
};

}  // namespace

extern const Loss cosine_similarity;
const Loss cosine_similarity = tuple<CosineSimilarity, 2>(
    {.name = "cosine-similarity",
     .aliases = {"cosine-distance", "cosine-proximity"},
     .task = Task::metric_learning,
     .summary = "the angle between prediction and target, whatever their lengths",
     .formula = "l = 1 - c, c = p.t / (|p| |t|); form=negative: -c; form=similarity: c itself",
     .formula_tex = R"(\ell = 1 - \frac{p \cdot t}{|p|\,|t|})",
     .gradient = "dl/dp = -(t/|t| - c p/|p|) / |p|",
     .gradient_tex = R"(\nabla_p\ell = -\left(t/|t| - c\, p/|p|\right) / |p|)",
     .properties = {.range = {.low = 0.0, .high = 2.0}},
     .smoothness = "smooth but at zero vectors, and with norm_floor where a squared length is it",
     .outliers = "bounded: lengths don't count",
     .imbalance = "does not depend on the lengths of vectors",
     .use = "embeddings and reconstructions of which only the direction counts",
     .source = "Salton & McGill, Introduction to Modern Information Retrieval, 1983",
     .elsewhere = "keras CosineSimilarity (form=negative, norm_floor 1e-14), optax "
                  "cosine_similarity (the score itself) and cosine_distance"},
    {Role{"pred", "[N,d...,D]", "predicted vectors", false, true},
     Role{"target", "[N,d...,D]", "target vectors", false, true}},
    {{"form",
      &CosineSimilarity::form,
      {"distance", "negative", "similarity"},
      "1 - c, -c, or c itself, which is no loss but a score"},
     {"norm_floor", &CosineSimilarity::norm_floor, interval::non_negative,
      "squared lengths below it count as it"}});

}  // namespace losscalc
