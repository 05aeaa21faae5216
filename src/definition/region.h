/// The factory of region losses: a unit is a map of predictions (of an image and class, of a class
/// over the batch, ...), reduced to its sums of products, predictions and targets.
///
/// F has:  template <class Scalar> Scalar value(const Overlap<Scalar>& sums) const;
///         Overlap<double> gradient(const Overlap<double>& sums) const;     (derivatives by the
///         three sums)
#pragma once

#include "definition/factory.h"
#include "formula/dual.h"

namespace losscalc {

template <class F>
class OverlapKernelOf final : public OverlapKernel {
 public:
  explicit OverlapKernelOf(F loss) : loss_(std::move(loss)) {}

  double value(const Overlap<double>& sums) const override { return loss_.value(sums); }
  Overlap<double> gradient(const Overlap<double>& sums) const override {
    return loss_.gradient(sums);
  }
  Overlap<double> dual_gradient(const Overlap<double>& sums) const override {
    using formula::Dual;
    const Dual i = sums.intersection;
    const Dual p = sums.prediction;
    const Dual t = sums.target;
    return {loss_.value(Overlap<Dual>{Dual(i.value, 1.0), p, t}).derivative,
            loss_.value(Overlap<Dual>{i, Dual(p.value, 1.0), t}).derivative,
            loss_.value(Overlap<Dual>{i, p, Dual(t.value, 1.0)}).derivative};
  }

 private:
  F loss_;
};

template <class F>
Loss region(Description description, const Rows<F>& rows) {
  Loss loss{.description = std::move(description), .domain = Domain::region};
  loss.roles = {{"pred", "[N,C,d...]", "one map of predictions per class", false, true},
                {"target", "[N,d...] or [N,C,d...]", "class indices, or one-hot or soft maps"},
                roles::sample_weight,
                roles::class_weight};
  loss.from = {From::probs, From::logits};
  loss.links = {Link::softmax, Link::sigmoid};
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.overlap = std::make_shared<OverlapKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
