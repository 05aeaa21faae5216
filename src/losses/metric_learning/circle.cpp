#include <algorithm>
#include <cmath>

#include "definition/domains/batch.h"
#include "formula/functions.h"
#include "numeric/limits.h"

namespace losscalc {
namespace {

struct Circle {
  double gamma = 80.0;
  double margin = 0.4;
  bool self = false;

  double weight(std::span<const double> labels, std::size_t sample) const {
    const auto same = static_cast<std::size_t>(std::ranges::count(labels, labels[sample]));
    const bool has_positive = self || same > 1;
    return has_positive && same < labels.size() ? 1.0 : 0.0;
  }

  template <class Scalar>
  Scalar value(std::span<const Scalar> similarities, std::span<const double> labels,
               std::size_t sample) const {
    const Scalar positive = log_sum_exp(similarities, labels, sample, true);
    const Scalar negative = log_sum_exp(similarities, labels, sample, false);
    return formula::softplus(Scalar(positive + negative));
  }
  void gradient(std::span<const double> similarities, std::span<const double> labels,
                std::size_t sample, std::span<double> derivative) const {
    const double positive = log_sum_exp(similarities, labels, sample, true);
    const double negative = log_sum_exp(similarities, labels, sample, false);
    const double slope = formula::sigmoid(positive + negative);
    for (std::size_t j = 0; j < similarities.size(); ++j) {
      derivative[j] = 0.0;
      if (!takes_part(labels, sample, j)) continue;
      const bool is_positive = labels[j] == labels[sample];
      const double share =
          std::exp(exponent(similarities[j], is_positive) - (is_positive ? positive : negative));
      derivative[j] = slope * share * exponent_slope(similarities[j], is_positive);
    }
  }

 private:
  bool takes_part(std::span<const double> labels, std::size_t sample, std::size_t j) const {
    return self || j != sample || labels[j] != labels[sample];
  }

  /// By the distance d = max(0, 1 - s): -gamma (m + d) (m - d) of a positive, and
  /// gamma max(0, 1 + m - d) (1 - m - d) of a negative.
  template <class Scalar>
  Scalar exponent(const Scalar& similarity, bool is_positive) const {
    const Scalar d = formula::positive_part(Scalar(1.0 - similarity));
    if (is_positive)
      return -gamma * formula::positive_part(Scalar(margin + d)) * Scalar(margin - d);
    return gamma * formula::positive_part(Scalar(1.0 + margin - d)) * Scalar(1.0 - margin - d);
  }
  double exponent_slope(double similarity, bool is_positive) const {
    const double d = 1.0 - similarity;
    if (!(d > 0.0)) return 0.0;
    if (is_positive) return -2.0 * gamma * d;
    return 1.0 + margin - d > 0.0 ? 2.0 * gamma * (1.0 - d) : 0.0;
  }

  template <class Scalar>
  Scalar log_sum_exp(std::span<const Scalar> similarities, std::span<const double> labels,
                     std::size_t sample, bool positives) const {
    const auto for_each = [&](auto visit) {
      for (std::size_t j = 0; j < similarities.size(); ++j) {
        if ((labels[j] == labels[sample]) == positives && takes_part(labels, sample, j))
          visit(exponent(similarities[j], positives));
      }
    };
    double largest = -infinity;
    for_each([&](const Scalar& x) { largest = std::max(largest, formula::value_of(x)); });
    Scalar sum = 0.0;
    for_each([&](const Scalar& x) { sum += formula::exp(Scalar(x - largest)); });
    return formula::log(sum) + largest;
  }
};

}  // namespace

extern const Loss circle;
const Loss circle = batch<Circle>(
    {.name = "circle",
     .aliases = {"circle-loss"},
     .task = Task::metric_learning,
     .summary = "pulls positives together and negatives apart, the worst the hardest",
     .formula = "l = softplus(log sum_p e^(-gamma (m + d_p) (m - d_p)) + log sum_n e^(gamma "
                "max(0, 1 + m - d_n) (1 - m - d_n))), d = max(0, 1 - s)",
     .formula_tex =
         R"(\ell = \log\left(1 + \sum_p e^{-\gamma (m + d_p)(m - d_p)} \sum_n e^{\gamma [1 + m - d_n]_+ (1 - m - d_n)}\right))",
     .gradient = "dl/ds_j = sigmoid(.) q_j gamma 2 (1 - d_n), or -2 d_p, q_j the share of j in "
                 "its sum",
     .gradient_tex = R"(\partial\ell/\partial s_p = -2 \gamma\, \sigma\, q_p d_p)",
     .properties = {},
     .smoothness = "kink where a similarity is 1; smooth elsewhere but at vectors of length 0",
     .outliers = "a large gamma makes it the loss of the worst pair",
     .imbalance = "samples without positives or negatives are left out",
     .use = "embeddings of labelled classes",
     .source = "Sun et al., Circle loss, 2020; the weights are differentiated as they stand here",
     .elsewhere = "keras.losses.Circle, which takes weights as constants in its gradient; "
                  "pytorch-metric-learning CircleLoss"},
    {"pred", "[N,D]", "the vectors (embeddings) of the batch", false, true},
    {{"gamma", &Circle::gamma, interval::positive, "the scale of the exponents"},
     {"margin", &Circle::margin, Interval{.low = 0.0, .high = 1.0},
      "the distance below which positives cost little"},
     {"self", &Circle::self, "whether a sample is a positive of its own"}},
    {Role{"target", "[N]", "a label for each vector; those of one label are positives"}});

}  // namespace losscalc
