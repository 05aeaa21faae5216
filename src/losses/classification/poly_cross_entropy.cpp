#include <cmath>

#include "definition/domains/classwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

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

extern const Loss poly_cross_entropy;
const Loss poly_cross_entropy = class_terms<PolyCrossEntropy>(
    {.name = "poly-cross-entropy",
     .aliases = {"poly-1", "poly1", "poly-loss"},
     .task = Task::classification,
     .summary = "cross-entropy with its first Taylor term reweighted",
     .formula = "l = sum_c t_c (-log p_c + epsilon (1 - p_c))",
     .formula_tex = R"(\ell = \sum_c t_c \left(-\log p_c + \epsilon (1 - p_c)\right))",
     .gradient = "dl/dp_c = -t_c (1 / p_c + epsilon)",
     .gradient_tex = R"(\partial\ell/\partial p_c = -t_c (1/p_c + \epsilon))",
     .properties = {.zero_at_target = true},
     .smoothness = "smooth in logits; by probabilities its slope grows without bound towards p = 0",
     .outliers = "as cross-entropy; a positive epsilon weighs confident right answers more",
     .imbalance = "frequent classes dominate the mean: class weights help",
     .use = "cross-entropy with one number to tune; epsilon=0 is cross-entropy",
     .source = "Leng et al., PolyLoss, 2022",
     .elsewhere = "optax poly_loss_cross_entropy (epsilon 2)"},
    {{"epsilon", &PolyCrossEntropy::epsilon, interval::finite, "the weight of 1 - p"}},
    {From::probs, From::logits, From::log_probs});

}  // namespace losscalc
