#include <algorithm>

#include "definition/domains/tuple.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_categorical_hinge{
    .name = "categorical-hinge",
    .summary = "hinge against the highest wrong score, as Keras defines it",
    .formula = "l = max(0, margin + max_c (1 - t_c) s_c - sum_c t_c s_c)",
    .formula_tex = R"(\ell = \max(0, m + \max_c (1 - t_c) s_c - \sum_c t_c s_c))",
    .gradient =
        "where l > 0: dl/ds_c = -t_c, plus 1 - t_c for the class c that attains the maximum",
    .gradient_tex = R"(\partial\ell/\partial s_c = -t_c + (1 - t_c) [c = \arg\max])",
    .task = Task::classification,
    .properties = {.convex = true},
    .smoothness = "kinks where the margin is just met, and where the two largest (1 - t) s tie",
    .outliers = "linear in the scores",
    .imbalance = "frequent classes dominate the mean: sample weights help",
    .use =
        "reproduces Keras; hinge(form=max) is the usual form, which differs where all wrong "
        "classes have negative scores",
    .source = "Crammer & Singer, On multiclass kernel-based vector machines, 2001, in Keras's form",
    .elsewhere = "keras.losses.CategoricalHinge",
};

struct CategoricalHinge {
  double margin = 1.0;

  template <class Scalar>
  Scalar value(const VectorTuple<Scalar, 2>& vectors, double /*label*/) const {
    const auto& [scores, targets] = vectors;
    Scalar right = 0.0;
    Scalar rival = (1.0 - targets[0]) * scores[0];
    for (std::size_t c = 0; c < scores.size(); ++c) {
      right += targets[c] * scores[c];
      rival = formula::max(rival, Scalar((1.0 - targets[c]) * scores[c]));
    }
    return formula::positive_part(Scalar(rival - right + margin));
  }
  void gradient(const VectorTuple<double, 2>& vectors, double label,
                const std::array<std::span<double>, 2>& derivatives) const {
    const auto& [scores, targets] = vectors;
    std::ranges::fill(derivatives[0], 0.0);
    if (!(value(vectors, label) > 0.0)) return;
    std::size_t rival = 0;
    for (std::size_t c = 0; c < scores.size(); ++c) {
      derivatives[0][c] = -targets[c];
      if ((1.0 - targets[c]) * scores[c] > (1.0 - targets[rival]) * scores[rival]) rival = c;
    }
    derivatives[0][rival] += 1.0 - targets[rival];
  }
};

}  // namespace

extern const Loss categorical_hinge = tuple<CategoricalHinge, 2>(
    about_categorical_hinge,
    {Role{.name = "pred",
          .shape = "[N,d...,C]",
          .help = "a score for each class",
          .differentiable = true},
     Role{.name = "target", .shape = "[N,d...,C]", .help = "one-hot or soft targets"}},
    {{"margin", &CategoricalHinge::margin, interval::finite,
      "lead that the right class needs for a loss of 0"}});

}  // namespace losscalc
