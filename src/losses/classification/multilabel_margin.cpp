#include <algorithm>
#include <vector>

#include "definition/domains/tuple.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_multilabel_margin{
    .name = "multilabel-margin",
    .summary = "penalty for wrong classes that score within a margin of a right one",
    .formula = "l = 1/C sum_(j right) sum_(i wrong) max(0, margin - (s_j - s_i))",
    .formula_tex = R"(\ell = \frac1C \sum_{j \in Y} \sum_{i \notin Y} \max(0, m - (s_j - s_i)))",
    .gradient =
        "dl/ds_j = -1/C for each wrong class within the margin of a right class j; the wrong class "
        "gets 1/C",
    .gradient_tex =
        R"(\partial\ell/\partial s_j = -\frac1C |\{i \notin Y : s_j - s_i < m\}| \quad (j \in Y))",
    .aliases = {"multilabel-hinge"},
    .task = Task::classification,
    .properties = {.convex = true},
    .smoothness = "kinks where a pair just meets the margin",
    .outliers = "linear in the scores",
    .imbalance = "samples whose classes are half right and half wrong have the most pairs",
    .use = "several right classes per sample, where only the order of scores matters",
    .source =
        "Zhang & Zhou, Multilabel neural networks (BP-MLL), 2006, with a hinge in place of the "
        "exponential",
    .elsewhere = "torch.nn.MultiLabelMarginLoss",
};

/// The classes that a row of labels names: all up to the first -1.
template <class Scalar>
std::vector<bool> named_classes(std::span<const Scalar> labels) {
  std::vector<bool> named(labels.size(), false);
  for (const Scalar& label : labels) {
    const double index = formula::value_of(label);
    if (index < 0.0) break;
    named[static_cast<std::size_t>(index)] = true;
  }
  return named;
}

struct MultilabelMargin {
  double margin = 1.0;

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 2>& vectors, double /*label*/) const {
    Scalar sum = 0.0;
    for_each_pair(vectors, [&](std::size_t right, std::size_t wrong) {
      sum += formula::positive_part(Scalar(margin - (vectors[0][right] - vectors[0][wrong])));
    });
    return sum / static_cast<double>(vectors[0].size());
  }
  void gradient(const VectorTuple<double, 2>& vectors, double /*label*/,
                const std::array<std::span<double>, 2>& derivatives) const {
    std::ranges::fill(derivatives[0], 0.0);
    const double share = 1.0 / static_cast<double>(vectors[0].size());
    for_each_pair(vectors, [&](std::size_t right, std::size_t wrong) {
      if (!(margin - (vectors[0][right] - vectors[0][wrong]) > 0.0)) return;
      derivatives[0][right] -= share;
      derivatives[0][wrong] += share;
    });
  }

 private:
  /// Visits every pair of a class that the labels name, as often as they do, and one that they
  /// don't: visit(right, wrong).
  template <class Scalar, class Visit>
  static void for_each_pair(const VectorTuple<Scalar, 2>& vectors, Visit visit) {
    const std::vector<bool> named = named_classes(vectors[1]);
    for (const Scalar& label : vectors[1]) {
      const double index = formula::value_of(label);
      if (index < 0.0) break;
      for (std::size_t wrong = 0; wrong < named.size(); ++wrong) {
        if (!named[wrong]) visit(static_cast<std::size_t>(index), wrong);
      }
    }
  }
};

}  // namespace

extern const Loss multilabel_margin = with_label_lists(tuple<MultilabelMargin, 2>(
    about_multilabel_margin,
    {Role{.name = "pred",
          .shape = "[N,d...,C]",
          .help = "a score for each class",
          .differentiable = true},
     Role{.name = "target",
          .shape = "[N,d...,C]",
          .help = "indices of the right classes, followed by -1; the rest of the row is not read"}},
    {{"margin", &MultilabelMargin::margin, interval::finite,
      "lead that right classes need for a loss of 0"}}));

}  // namespace losscalc
