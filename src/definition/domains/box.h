/// The factory of box losses: a unit is a predicted box and its target, given to the loss by their
/// corners.
///
/// F has:  template <class Scalar> Scalar value(const Box<Scalar>& prediction, const Box<double>&
/// target) const;
///         Box<double> gradient(const Box<double>& prediction, const Box<double>& target) const;
#pragma once

#include "definition/domains/factory.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

template <class F>
class BoxKernelOf final : public BoxKernel {
 public:
  explicit BoxKernelOf(F loss) : loss_(std::move(loss)) {}

  double value(const Box<double>& prediction, const Box<double>& target) const override {
    return loss_.value(prediction, target);
  }
  Box<double> gradient(DerivativeBy by, const Box<double>& prediction,
                       const Box<double>& target) const override {
    if (by == DerivativeBy::dual_numbers)
      return forward_gradient<formula::Dual>(prediction, target);
    if (by == DerivativeBy::complex_step)
      return forward_gradient<formula::Complex>(prediction, target);
    return loss_.gradient(prediction, target);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  Box<double> forward_gradient(const Box<double>& prediction, const Box<double>& target) const {
    const auto along = [&](double x1, double y1, double x2, double y2) {
      return derivative_of(loss_.value(
          Box<Number>{
              {prediction.x1, x1}, {prediction.y1, y1}, {prediction.x2, x2}, {prediction.y2, y2}},
          target));
    };
    return {along(1, 0, 0, 0), along(0, 1, 0, 0), along(0, 0, 1, 0), along(0, 0, 0, 1)};
  }

  F loss_;
};

template <class F>
Loss box(Description description, const Rows<F>& rows) {
  Loss loss{.description = std::move(description), .domain = Domain::box};
  loss.roles = {
      Role{.name = "pred", .shape = "[N,4]", .help = "predicted boxes", .differentiable = true},
      Role{.name = "target", .shape = "[N,4]", .help = "true boxes"}, roles::sample_weight};
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.box = std::make_shared<BoxKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
