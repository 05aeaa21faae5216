#include <cmath>

#include "definition/domains/classwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_poly_cross_entropy{
    .name = "poly-cross-entropy",
    .summary = "cross-entropy with a reweighted first Taylor term",
    .formula = "l = sum_c t_c (-log p_c + epsilon (1 - p_c))",
    .formula_tex = R"(\ell = \sum_c t_c \left(-\log p_c + \epsilon (1 - p_c)\right))",
    .gradient = "dl/dp_c = -t_c (1 / p_c + epsilon)",
    .gradient_tex = R"(\partial\ell/\partial p_c = -t_c (1/p_c + \epsilon))",
    .aliases = {"poly-1", "poly1", "poly-loss"},
    .task = Task::classification,
    .properties = {.zero_at_target = true},
    .smoothness = "smooth in logits; in probabilities the slope grows without bound towards p = 0",
    .outliers =
        "as cross-entropy; a positive epsilon gives confident right predictions more weight",
    .imbalance = "frequent classes dominate the mean: class weights help",
    .use = "cross-entropy with one parameter to tune; epsilon=0 is cross-entropy",
    .source = "Leng et al., PolyLoss, 2022",
    .elsewhere = "optax poly_loss_cross_entropy (epsilon 2)",
};

struct PolyCrossEntropy {
  double epsilon = 1.0;

  template <class Scalar>
  Scalar value(const Scalar& log_p, std::size_t /*class_index*/) const {
    return 0.0 - log_p - epsilon * formula::expm1(log_p);
  }
  double gradient(double log_p, std::size_t /*class_index*/) const {
    return -1.0 - epsilon * std::exp(log_p);
  }
};

}  // namespace

extern const Loss poly_cross_entropy = class_terms<PolyCrossEntropy>(
    about_poly_cross_entropy,
    {{"epsilon", &PolyCrossEntropy::epsilon, interval::finite, "weight of the term 1 - p"}},
    {From::probs, From::logits, From::log_probs});

}  // namespace losscalc
