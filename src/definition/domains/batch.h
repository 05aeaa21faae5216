/// The factory of batch losses: a unit is a sample with its similarities to all samples.
///
/// F has:  template <class Scalar> Scalar value(std::span<const Scalar> similarities,
///         std::span<const double> labels, std::size_t sample) const;
///         void gradient(std::span<const double> similarities, std::span<const double> labels,
///         std::size_t sample, std::span<double> derivative) const;   (by the similarities)
///         double weight(std::span<const double> labels, std::size_t sample) const;
///         (what the sample weighs in a mean; 0 leaves it out)
#pragma once

#include "definition/domains/factory.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

template <class F>
class BatchKernelOf final : public BatchKernel {
 public:
  using Numbers = std::span<const double>;
  explicit BatchKernelOf(F loss) : loss_(std::move(loss)) {}

  double weight(Numbers labels, std::size_t sample) const override {
    return loss_.weight(labels, sample);
  }
  double value(Numbers similarities, Numbers labels, std::size_t sample) const override {
    return loss_.value(similarities, labels, sample);
  }
  void gradient(DerivativeBy by, Numbers similarities, Numbers labels, std::size_t sample,
                std::span<double> derivative) const override {
    if (by == DerivativeBy::dual_numbers)
      return forward_gradient<formula::Dual>(similarities, labels, sample, derivative);
    if (by == DerivativeBy::complex_step)
      return forward_gradient<formula::Complex>(similarities, labels, sample, derivative);
    loss_.gradient(similarities, labels, sample, derivative);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  void forward_gradient(Numbers similarities, Numbers labels, std::size_t sample,
                        std::span<double> derivative) const {
    std::vector<Number> numbers(similarities.begin(), similarities.end());
    for (std::size_t j = 0; j < similarities.size(); ++j) {
      numbers[j] = Number(similarities[j], 1.0);
      derivative[j] = derivative_of(loss_.value(std::span<const Number>(numbers), labels, sample));
      numbers[j] = Number(similarities[j]);
    }
  }

  F loss_;
};

/// `vectors` is the input whose vectors are compared; `label`, if any, has one number for each.
template <class F>
Loss batch(Description description, const Role& vectors, const Rows<F>& rows,
           const std::vector<Role>& label = {}) {
  Loss loss{.description = std::move(description), .domain = Domain::batch};
  loss.roles.push_back(vectors);
  loss.roles.insert(loss.roles.end(), label.begin(), label.end());
  loss.roles.push_back(roles::sample_weight);
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.batch = std::make_shared<BatchKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
