#include <algorithm>
#include <cmath>

#include "definition/domains/batch.h"
#include "formula/functions.h"
#include "numeric/limits.h"

namespace losscalc {
namespace {

const Description about_circle{
    .name = "circle",
    .summary = "pulls positives together and pushes negatives apart, the worst hardest",
    .formula =
        "l = softplus(log sum_p e^(-gamma (m + d_p) (m - d_p)) + log sum_n e^(gamma "
        "max(0, 1 + m - d_n) (1 - m - d_n))), d = max(0, 1 - s)",
    .formula_tex =
        R"(\ell = \log\left(1 + \sum_p e^{-\gamma (m + d_p)(m - d_p)} \sum_n e^{\gamma [1 + m - d_n]_+ (1 - m - d_n)}\right))",
    .gradient =
        "dl/ds_p = -sigmoid(.) q_p 2 gamma d_p,  dl/ds_n = sigmoid(.) q_n 2 gamma (1 - d_n), 0 "
        "where the max is 0; q_j the share of j in its sum",
    .gradient_tex = R"(\partial\ell/\partial s_p = -2 \gamma\, \sigma\, q_p d_p)",
    .aliases = {"circle-loss"},
    .task = Task::metric_learning,
    .smoothness = "kink where a similarity is 1; smooth elsewhere, except at vectors of length 0",
    .outliers = "with a large gamma the worst pair dominates",
    .imbalance = "samples without positives or without negatives are left out",
    .use = "embeddings of labelled classes",
    .source = "Sun et al., Circle loss, 2020; here the gradient also goes through the weights",
    .elsewhere =
        "keras.losses.Circle, whose gradient treats the weights as constants; "
        "pytorch-metric-learning CircleLoss",
};

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

  /// With d = max(0, 1 - s): -gamma (m + d) (m - d) for a positive,
  /// gamma max(0, 1 + m - d) (1 - m - d) for a negative.
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

  /// With gamma = 80 the exponents reach +-100 and more, so that sums of exponentials would over-
  /// or underflow: both sums stay in log space, shifted by the largest exponent, and softplus of
  /// their total is log(1 + product of the sums). The shift is a plain number: derivatives don't
  /// pass through it.
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

extern const Loss circle = batch<Circle>(
    about_circle,
    Role{.name = "pred",
         .shape = "[N,D]",
         .help = "embeddings of the batch",
         .differentiable = true},
    {{"gamma", &Circle::gamma, interval::positive, "scale of the exponents"},
     {"margin", &Circle::margin, Interval{.low = 0.0, .high = 1.0},
      "distance below which positives cost little"},
     {"self", &Circle::self, "count each sample as a positive of itself"}},
    {Role{.name = "target",
          .shape = "[N]",
          .help = "a label for each embedding; embeddings with the same label are positives"}});

}  // namespace losscalc
