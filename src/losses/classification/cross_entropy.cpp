#include "definition/domains/classwise.h"

namespace losscalc {
namespace {

const Description about_cross_entropy{
    .name = "cross-entropy",
    .summary = "negative log-probability of the right class",
    .formula = "l = -sum_c t_c log p_c",
    .formula_tex = R"(\ell = -\sum_c t_c \log p_c)",
    .gradient = "dl/dp_c = -t_c / p_c;  with respect to logits: p_c sum_k t_k - t_c",
    .gradient_tex =
        R"(\partial\ell/\partial p_c = -t_c/p_c,\quad \partial\ell/\partial z_c = p_c \sum_k t_k - t_c)",
    .aliases = {"ce", "categorical-cross-entropy", "softmax-cross-entropy"},
    .task = Task::classification,
    .properties = {.convex = true, .zero_at_target = true},
    .smoothness = "smooth in logits; in probabilities the slope grows without bound towards p = 0",
    .outliers = "a confident wrong prediction has an unbounded loss, linear in its logit",
    .imbalance = "frequent classes dominate the mean: class weights, focal or dice help",
    .use =
        "the standard loss for one right class among several; per pixel on [N,C,H,W] for "
        "segmentation",
    .source = "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.2.2.3",
    .elsewhere =
        "torch.nn.CrossEntropyLoss (logits), keras CategoricalCrossentropy (probs), "
        "sklearn log_loss (probs)",
};

struct CrossEntropy {
  template <class Scalar>
  Scalar value(const Scalar& log_p, std::size_t /*class_index*/) const {
    return 0.0 - log_p;  // not -log_p, which is -0 for a certain answer
  }
  double gradient(double /*log_p*/, std::size_t /*class_index*/) const { return -1.0; }
};

}  // namespace

extern const Loss cross_entropy = class_terms<CrossEntropy>(
    about_cross_entropy, {}, {From::probs, From::logits, From::log_probs});

}  // namespace losscalc
