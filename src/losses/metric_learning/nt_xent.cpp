#include <algorithm>
#include <cmath>

#include "definition/domains/batch.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_nt_xent{
    .name = "nt-xent",
    .summary = "softmax cross-entropy of each positive against all negatives",
    .formula =
        "l = mean over positives p of log(1 + sum_n e^((s_in - s_ip) / T)), n the samples with "
        "another label; the mean runs over all pairs (i, p)",
    .formula_tex = R"(\ell = -\log \frac{e^{s_{ip}/T}}{e^{s_{ip}/T} + \sum_n e^{s_{in}/T}})",
    .gradient =
        "dl/ds_in = q_n / T, dl/ds_ip = -sum_n q_n / T, q the softmax over s_ip and all s_in",
    .gradient_tex = R"(\partial\ell/\partial s_{in} = q_n / T)",
    .aliases = {"ntxent", "info-nce", "normalized-temperature-cross-entropy"},
    .task = Task::metric_learning,
    .smoothness = "smooth except at vectors of length 0",
    .outliers = "hard negatives dominate at a low temperature",
    .imbalance =
        "samples without positives are left out; labels with many samples have the most pairs",
    .use =
        "contrastive learning, where the two views of a sample share a label; equals SimCLR's loss "
        "for two views (SimCLR's code gives twice the mean)",
    .source =
        "Sohn, Improved deep metric learning with multi-class N-pair loss, 2016; Chen et "
        "al., SimCLR, 2020",
    .elsewhere = "optax ntxent (temperature 0.07), pytorch-metric-learning NTXentLoss",
};

struct NtXent {
  double temperature = 0.5;

  /// The number of positives, so that the mean is that over all pairs of them.
  double weight(std::span<const double> labels, std::size_t sample) const {
    return static_cast<double>(std::ranges::count(labels, labels[sample]) - 1);
  }

  /// Each positive's log(1 + sum_n e^((s_n - s_p)/T)).
  template <class Scalar>
  Scalar value(std::span<const Scalar> similarities, std::span<const double> labels,
               std::size_t sample) const {
    Scalar sum = 0.0;
    const double positives = weight(labels, sample);
    for_each_positive(labels, sample, [&](std::size_t p) {
      double largest = 0.0;
      for_each_negative(labels, sample, [&](std::size_t n) {
        largest = std::max(largest, formula::value_of(lead(similarities, n, p)));
      });
      Scalar rest = 0.0;
      for_each_negative(labels, sample, [&](std::size_t n) {
        rest += formula::exp(Scalar(lead(similarities, n, p) - largest));
      });
      sum += largest == 0.0 ? formula::log1p(rest)
                            : Scalar(largest + formula::log(Scalar(rest + std::exp(-largest))));
    });
    return sum / positives;
  }
  void gradient(std::span<const double> similarities, std::span<const double> labels,
                std::size_t sample, std::span<double> derivative) const {
    std::ranges::fill(derivative, 0.0);
    const double factor = 1.0 / (temperature * weight(labels, sample));
    for_each_positive(labels, sample, [&](std::size_t p) {
      double largest = 0.0;
      for_each_negative(labels, sample, [&](std::size_t n) {
        largest = std::max(largest, lead(similarities, n, p));
      });
      double sum = std::exp(-largest);
      for_each_negative(labels, sample, [&](std::size_t n) {
        sum += std::exp(lead(similarities, n, p) - largest);
      });
      for_each_negative(labels, sample, [&](std::size_t n) {
        const double share = std::exp(lead(similarities, n, p) - largest) / sum;
        derivative[n] += factor * share;
        derivative[p] -= factor * share;
      });
    });
  }

 private:
  template <class Scalar>
  Scalar lead(std::span<const Scalar> similarities, std::size_t n, std::size_t p) const {
    return (similarities[n] - similarities[p]) / temperature;
  }
  template <class Visit>
  static void for_each_positive(std::span<const double> labels, std::size_t sample, Visit visit) {
    for (std::size_t j = 0; j < labels.size(); ++j) {
      if (j != sample && labels[j] == labels[sample]) visit(j);
    }
  }
  template <class Visit>
  static void for_each_negative(std::span<const double> labels, std::size_t sample, Visit visit) {
    for (std::size_t j = 0; j < labels.size(); ++j) {
      if (labels[j] != labels[sample]) visit(j);
    }
  }
};

}  // namespace

extern const Loss nt_xent = batch<NtXent>(
    about_nt_xent,
    Role{.name = "pred",
         .shape = "[N,D]",
         .help = "embeddings of the batch",
         .differentiable = true},
    {{"temperature", &NtXent::temperature, interval::positive, "similarities are divided by it"}},
    {Role{.name = "target",
          .shape = "[N]",
          .help = "a label for each embedding; embeddings with the same label are positives"}});

}  // namespace losscalc
