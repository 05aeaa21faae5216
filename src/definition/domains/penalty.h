/// The factory of penalties on a model's weights: the sum of a function of each weight over any
/// number of arrays.
///
/// F has:  template <class Scalar> Scalar value(const Scalar& weight) const;
///         double gradient(double weight) const;
#pragma once

#include "definition/domains/factory.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

template <class F>
class ParameterKernelOf final : public ParameterKernel {
 public:
  explicit ParameterKernelOf(F loss) : loss_(std::move(loss)) {}

  void value(std::span<const double> weights, std::span<double> out) const override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = loss_.value(weights[i]);
  }
  void gradient(DerivativeBy by, std::span<const double> weights,
                std::span<double> out) const override {
    if (by == DerivativeBy::dual_numbers) return forward_gradient<formula::Dual>(weights, out);
    if (by == DerivativeBy::complex_step) return forward_gradient<formula::Complex>(weights, out);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = loss_.gradient(weights[i]);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  void forward_gradient(std::span<const double> weights, std::span<double> out) const {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = derivative_of(loss_.value(Number(weights[i], 1.0)));
  }

  F loss_;
};

template <class F>
Loss penalty(Description description, const Rows<F>& rows) {
  Loss loss{.description = std::move(description), .domain = Domain::parameters};
  loss.roles = {Role{.name = "params",
                     .shape = "any",
                     .help = "the model's weight arrays",
                     .differentiable = true,
                     .repeated = true}};
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.parameters =
                       std::make_shared<ParameterKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
