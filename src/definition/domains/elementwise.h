/// The factory of elementwise losses: a unit is one element of pred and the element of target at
/// the same place.
///
/// F has:  template <class Scalar> Scalar value(const Scalar& prediction, double target) const;
///         double gradient(double prediction, double target) const;
/// and, if it doesn't take every number, ElementDomain domain() const.
#pragma once

#include "definition/domains/factory.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

template <class F>
class ElementwiseKernelOf final : public ElementwiseKernel {
 public:
  explicit ElementwiseKernelOf(F loss) : loss_(std::move(loss)) {}

  ElementDomain domain() const override {
    if constexpr (requires { loss_.domain(); }) return loss_.domain();
    return {};
  }
  void value(std::span<const double> prediction, std::span<const double> target,
             std::span<double> out) const override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = loss_.value(prediction[i], target[i]);
  }
  void gradient(DerivativeBy by, std::span<const double> prediction, std::span<const double> target,
                std::span<double> out) const override {
    if (by == DerivativeBy::dual_numbers)
      return forward_gradient<formula::Dual>(prediction, target, out);
    if (by == DerivativeBy::complex_step)
      return forward_gradient<formula::Complex>(prediction, target, out);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = loss_.gradient(prediction[i], target[i]);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  void forward_gradient(std::span<const double> prediction, std::span<const double> target,
                        std::span<double> out) const {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = derivative_of(loss_.value(Number(prediction[i], 1.0), target[i]));
    }
  }

  F loss_;
};

template <class F>
Loss elementwise(Description description, const Rows<F>& rows,
                 TargetValues target_values = TargetValues::any) {
  Loss loss{.description = std::move(description), .domain = Domain::elementwise};
  loss.roles = {
      Role{.name = "pred", .shape = "[N,d...]", .help = "predictions", .differentiable = true},
      Role{.name = "target", .shape = "[N,d...]", .help = "targets, one per element of pred"},
      roles::sample_weight, roles::element_weight, roles::output_weight};
  loss.target_values = target_values;
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.elementwise =
                       std::make_shared<ElementwiseKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
