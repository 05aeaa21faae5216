#include "definition/domains/classwise.h"

namespace losscalc {
namespace {

const Description about_nll{
    .name = "nll",
    .summary = "cross-entropy of log-probabilities, used as given",
    .formula = "l = -sum_c t_c x_c, x the log-probabilities",
    .formula_tex = R"(\ell = -\sum_c t_c x_c)",
    .gradient = "dl/dx_c = -t_c",
    .gradient_tex = R"(\partial\ell/\partial x_c = -t_c)",
    .aliases = {"negative-log-likelihood"},
    .task = Task::classification,
    .properties = {.range = {}, .convex = true, .zero_at_target = true},
    .smoothness = "linear",
    .outliers = "linear in the log-probability, so unbounded for a confident wrong prediction",
    .imbalance = "frequent classes dominate the mean: class weights help",
    .use = "networks that end in log-softmax; otherwise use cross-entropy",
    .source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4",
    .elsewhere = "torch.nn.NLLLoss, which does not check its input either",
};

struct NegativeLogLikelihood {
  template <class Scalar>
  Scalar value(const Scalar& log_p, std::size_t /*class_index*/) const {
    return 0.0 - log_p;  // not -log_p, which is -0 for a certain answer
  }
  double gradient(double /*log_p*/, std::size_t /*class_index*/) const { return -1.0; }
};

}  // namespace

extern const Loss nll = class_terms<NegativeLogLikelihood>(about_nll, {}, {From::log_probs});

}  // namespace losscalc
