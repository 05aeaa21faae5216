/// The factory of losses on Bernoulli predictions: a unit is one element, a probability against a
/// target in [0,1].
///
/// F has:  template <class Scalar> Scalar value(const Bernoulli<Scalar>& p, const BinaryTarget& t)
/// const;
///         Bernoulli<double> gradient(const Bernoulli<double>& p, const BinaryTarget& t) const;
/// and, if some parameters have no meaning for this form alone, check_one_vs_rest() const.
/// The gradient gives the derivatives by log p and log(1 - p), taken as independent: the driver
/// knows how these two depend on a logit or a probability.
#pragma once

#include "definition/domains/factory.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

template <class Scalar>
struct Bernoulli {
  Scalar log_p = 0.0;  ///< log of the probability of the positive class
  Scalar log_q = 0.0;  ///< log of one minus it
};

struct BinaryTarget {
  double target = 0.0;
  double positive_weight = 1.0;
  std::size_t class_index = 0;
};

template <class F>
class BinaryKernelOf final : public BinaryKernel {
 public:
  explicit BinaryKernelOf(F loss) : loss_(std::move(loss)) {}

  void value(const BinaryBlock& block, std::span<double> out) const override {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = loss_.value(Bernoulli<double>{block.log_p[i], block.log_q[i]}, target(block, i));
    }
  }
  void gradient(DerivativeBy by, const BinaryBlock& block, std::span<double> by_log_p,
                std::span<double> by_log_q) const override {
    if (by == DerivativeBy::dual_numbers)
      return forward_gradient<formula::Dual>(block, by_log_p, by_log_q);
    if (by == DerivativeBy::complex_step)
      return forward_gradient<formula::Complex>(block, by_log_p, by_log_q);
    for (std::size_t i = 0; i < by_log_p.size(); ++i) {
      const Bernoulli<double> slope =
          loss_.gradient(Bernoulli<double>{block.log_p[i], block.log_q[i]}, target(block, i));
      by_log_p[i] = slope.log_p;
      by_log_q[i] = slope.log_q;
    }
  }
  void check_classes(std::size_t classes) const override {
    if constexpr (requires { loss_.check_classes(classes); }) loss_.check_classes(classes);
    if constexpr (requires { loss_.check_one_vs_rest(); }) loss_.check_one_vs_rest();
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  void forward_gradient(const BinaryBlock& block, std::span<double> by_log_p,
                        std::span<double> by_log_q) const {
    for (std::size_t i = 0; i < by_log_p.size(); ++i) {
      const double p = block.log_p[i];
      const double q = block.log_q[i];
      const BinaryTarget t = target(block, i);
      by_log_p[i] = derivative_of(loss_.value(Bernoulli<Number>{Number(p, 1.0), Number(q)}, t));
      by_log_q[i] = derivative_of(loss_.value(Bernoulli<Number>{Number(p), Number(q, 1.0)}, t));
    }
  }

  static BinaryTarget target(const BinaryBlock& block, std::size_t i) {
    return {.target = block.target[i],
            .positive_weight = block.positive_weight.empty() ? 1.0 : block.positive_weight[i],
            .class_index = block.classes.empty() ? 0 : block.classes[i]};
  }

  F loss_;
};

/// An elementwise loss on probabilities (default), logits or log-probabilities.
template <class F>
Loss binary(Description description, const Rows<F>& rows) {
  Loss loss{.description = std::move(description), .domain = Domain::elementwise};
  loss.label_smoothing = true;
  loss.roles = {Role{.name = "pred",
                     .shape = "[N,d...]",
                     .help = "probabilities of the positive class, or logits",
                     .differentiable = true},
                Role{.name = "target",
                     .shape = "[N,d...]",
                     .help = "targets in [0,1], one per element of pred"},
                roles::sample_weight,
                roles::element_weight,
                roles::output_weight,
                roles::pos_weight};
  loss.from = {From::probs, From::logits};
  loss.target_values = TargetValues::unit_interval;
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.binary = std::make_shared<BinaryKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
