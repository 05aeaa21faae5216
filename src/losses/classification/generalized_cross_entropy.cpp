#include <cmath>

#include "definition/domains/classwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_generalized_cross_entropy{
    .name = "generalized-cross-entropy",
    .summary = "interpolates between cross-entropy and absolute error; for noisy labels",
    .formula = "l = sum_c t_c (1 - p_c^q) / q",
    .formula_tex = R"(\ell = \sum_c t_c (1 - p_c^q) / q)",
    .gradient = "dl/dp_c = -t_c p_c^(q - 1)",
    .gradient_tex = R"(\partial\ell/\partial p_c = -t_c\, p_c^{q-1})",
    .aliases = {"gce"},
    .task = Task::classification,
    .properties = {.zero_at_target = true},
    .smoothness = "smooth for p > 0; the slope grows without bound towards p = 0 unless q = 1",
    .outliers = "bounded by 1/q: a wrong label costs little more than an uncertain one",
    .imbalance = "frequent classes dominate the mean: class weights help",
    .use = "noisy labels; q towards 0 gives cross-entropy, q = 1 gives 1 - p",
    .source = "Zhang & Sabuncu, Generalized cross entropy loss, 2018",
    .elsewhere = "keras CategoricalGeneralizedCrossEntropy (q 0.5)",
};

struct GeneralizedCrossEntropy {
  double q = 0.7;

  template <class Scalar>
  Scalar value(const Scalar& log_p, std::size_t /*class_index*/) const {
    return 0.0 - formula::expm1(Scalar(q * log_p)) / q;
  }
  double gradient(double log_p, std::size_t /*class_index*/) const { return -std::exp(q * log_p); }
};

}  // namespace

extern const Loss generalized_cross_entropy = class_terms<GeneralizedCrossEntropy>(
    about_generalized_cross_entropy,
    {{"q", &GeneralizedCrossEntropy::q, Interval{.low = 0.0, .high = 1.0, .low_open = true},
      "0 (excluded) is the limit of cross-entropy, 1 is absolute error"}},
    {From::probs, From::logits, From::log_probs});

}  // namespace losscalc
