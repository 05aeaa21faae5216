#include "definition/domains/classwise.h"

namespace losscalc {
namespace {

struct NegativeLogLikelihood {
  template <class Scalar>
  Scalar value(const Scalar& log_p, std::size_t /*class_index*/) const {
    return 0.0 - log_p;  // not -log_p, which is -0 for a certain answer
  }
  double gradient(double /*log_p*/, std::size_t /*class_index*/) const { return -1.0; }
};

}  // namespace

extern const Loss nll;
const Loss nll = class_terms<NegativeLogLikelihood>(
    {.name = "nll",
     .aliases = {"negative-log-likelihood"},
     .task = Task::classification,
     .summary = "cross-entropy on log-probabilities, which are believed",
     .formula = "l = -sum_c t_c x_c, x the log-probabilities",
     .formula_tex = R"(\ell = -\sum_c t_c x_c)",
     .gradient = "dl/dx_c = -t_c",
     .gradient_tex = R"(\partial\ell/\partial x_c = -t_c)",
     .properties = {.range = {}, .convex = true, .zero_at_target = true},
     .smoothness = "linear",
     .outliers = "linear in the log-probability: without bound for a certain wrong answer",
     .imbalance = "frequent classes dominate the mean: class weights help",
     .use = "where the network ends in log-softmax; else take cross-entropy",
     .source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4",
     .elsewhere = "torch.nn.NLLLoss, which does not check its input either"},
    {}, {From::log_probs});

}  // namespace losscalc
