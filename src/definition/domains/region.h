/// The factory of region losses: a unit is a map of predictions (of an image and class, of a class
/// over the batch, ...), reduced to its sums of products, predictions and targets.
///
/// F has:  template <class Scalar> Scalar value(const Overlap<Scalar>& sums) const;
///         Overlap<double> gradient(const Overlap<double>& sums) const;     (derivatives by the
///         three sums)
#pragma once

#include "definition/domains/factory.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

template <class F>
class OverlapKernelOf final : public OverlapKernel {
 public:
  explicit OverlapKernelOf(F loss) : loss_(std::move(loss)) {}

  double value(const Overlap<double>& sums) const override { return loss_.value(sums); }
  Overlap<double> gradient(DerivativeBy by, const Overlap<double>& sums) const override {
    if (by == DerivativeBy::dual_numbers) return forward_gradient<formula::Dual>(sums);
    if (by == DerivativeBy::complex_step) return forward_gradient<formula::Complex>(sums);
    return loss_.gradient(sums);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  Overlap<double> forward_gradient(const Overlap<double>& sums) const {
    const Number i = sums.intersection;
    const Number p = sums.prediction;
    const Number t = sums.target;
    return {derivative_of(loss_.value(Overlap<Number>{Number(sums.intersection, 1.0), p, t})),
            derivative_of(loss_.value(Overlap<Number>{i, Number(sums.prediction, 1.0), t})),
            derivative_of(loss_.value(Overlap<Number>{i, p, Number(sums.target, 1.0)}))};
  }

  F loss_;
};

template <class F>
Loss region(Description description, const Rows<F>& rows) {
  Loss loss{.description = std::move(description), .domain = Domain::region};
  loss.roles = {Role{.name = "pred",
                     .shape = "[N,C,d...]",
                     .help = "one map of predictions per class",
                     .differentiable = true},
                Role{.name = "target",
                     .shape = "[N,d...] or [N,C,d...]",
                     .help = "class indices, or one-hot or soft maps"},
                roles::sample_weight, roles::class_weight};
  loss.from = {From::probs, From::logits};
  loss.links = {Link::softmax, Link::sigmoid};
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.overlap = std::make_shared<OverlapKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
