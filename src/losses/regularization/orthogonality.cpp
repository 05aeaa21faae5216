#include <cmath>

#include "definition/domains/batch.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_orthogonality{
    .name = "orthogonality",
    .summary = "penalty on weight rows that are not orthogonal to each other",
    .formula = "l = lambda/(n - 1) sum_(j != i) |s_ij|, s_ij the cosine of rows i and j",
    .formula_tex = R"(\ell = \frac{\lambda}{n - 1} \sum_{j \ne i} |s_{ij}|)",
    .gradient = "dl/ds_ij = lambda sign(s_ij) / (n - 1)",
    .gradient_tex =
        R"(\partial\ell/\partial s_{ij} = \lambda \operatorname{sign}(s_{ij}) / (n - 1))",
    .aliases = {"orthogonal-regularizer", "orthogonality-penalty"},
    .task = Task::regularization,
    .smoothness = "kinks where two rows are orthogonal",
    .outliers = "bounded: the lengths of rows don't count",
    .imbalance = "independent of the data",
    .use = "layers whose units should differ; axis=0 compares the columns",
    .source =
        "Brock et al., Neural photo editing with introspective adversarial networks, 2017, "
        "with absolute cosines",
    .elsewhere = "keras.regularizers.OrthogonalRegularizer (factor 0.01)",
};

struct Orthogonality {
  double lambda = 1.0;

  double weight(std::span<const double> /*labels*/, std::size_t /*sample*/) const { return 1.0; }

  template <class Scalar>
  Scalar value(std::span<const Scalar> similarities, std::span<const double> /*labels*/,
               std::size_t sample) const {
    Scalar sum = 0.0;
    for (std::size_t j = 0; j < similarities.size(); ++j) {
      if (j != sample) sum += formula::abs(similarities[j]);
    }
    return factor(similarities.size()) * sum;
  }
  void gradient(std::span<const double> similarities, std::span<const double> /*labels*/,
                std::size_t sample, std::span<double> derivative) const {
    for (std::size_t j = 0; j < similarities.size(); ++j) {
      const double sign = similarities[j] > 0.0 ? 1.0 : (similarities[j] < 0.0 ? -1.0 : 0.0);
      derivative[j] = j == sample ? 0.0 : factor(similarities.size()) * sign;
    }
  }

 private:
  double factor(std::size_t vectors) const {
    return vectors < 2 ? 0.0 : lambda / static_cast<double>(vectors - 1);
  }
};

}  // namespace

extern const Loss orthogonality = batch<Orthogonality>(
    about_orthogonality,
    Role{.name = "params", .shape = "[n,m]", .help = "a weight matrix", .differentiable = true},
    {{"lambda", &Orthogonality::lambda, interval::non_negative, "strength of the penalty"}});

}  // namespace losscalc
