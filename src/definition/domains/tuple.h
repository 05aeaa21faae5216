/// The factory of tuple losses: a unit is a tuple of K vectors of one length, with a label where
/// the loss has one. Some of the vectors are inputs that the loss is differentiated by.
///
/// F has:  template <class Scalar> Scalar value(const VectorTuple<Scalar, K>& vectors, double
/// label) const;
///         void gradient(const VectorTuple<double, K>& vectors, double label,
///                       const std::array<std::span<double>, K>& derivatives) const;
///         (empty spans for the vectors that it is not differentiated by)
/// and, if some tuples are left out, bool counts(const VectorTuple<double, K>& vectors) const.
#pragma once

#include <array>

#include "definition/domains/factory.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

template <class Scalar, std::size_t K>
using VectorTuple = std::array<std::span<const Scalar>, K>;

template <class F, std::size_t K>
class TupleKernelOf final : public TupleKernel {
 public:
  explicit TupleKernelOf(F loss) : loss_(std::move(loss)) {}

  bool counts(Tuple vectors) const override {
    if constexpr (requires { loss_.counts(as_tuple(vectors)); })
      return loss_.counts(as_tuple(vectors));
    return true;
  }

  double value(Tuple vectors, double label) const override {
    return loss_.value(as_tuple(vectors), label);
  }

  void gradient(DerivativeBy by, Tuple vectors, double label,
                std::span<const std::span<double>> derivatives) const override {
    if (by == DerivativeBy::dual_numbers)
      return forward_gradient<formula::Dual>(vectors, label, derivatives);
    if (by == DerivativeBy::complex_step)
      return forward_gradient<formula::Complex>(vectors, label, derivatives);
    std::array<std::span<double>, K> out;
    for (std::size_t k = 0; k < K; ++k) out[k] = derivatives[k];
    loss_.gradient(as_tuple(vectors), label, out);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  void forward_gradient(Tuple vectors, double label,
                        std::span<const std::span<double>> derivatives) const {
    std::array<std::vector<Number>, K> numbers;
    VectorTuple<Number, K> tuple;
    for (std::size_t k = 0; k < K; ++k) {
      numbers[k].assign(vectors[k].begin(), vectors[k].end());
      tuple[k] = numbers[k];
    }
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t d = 0; d < derivatives[k].size(); ++d) {
        numbers[k][d] = Number(vectors[k][d], 1.0);
        derivatives[k][d] = derivative_of(loss_.value(tuple, label));
        numbers[k][d] = Number(vectors[k][d]);
      }
    }
  }

  static VectorTuple<double, K> as_tuple(Tuple vectors) {
    VectorTuple<double, K> tuple;
    for (std::size_t k = 0; k < K; ++k) tuple[k] = vectors[k];
    return tuple;
  }

  F loss_;
};

/// `vector_roles` are the K vectors, in the order of the tuple; `label` is the optional last role.
/// The required vectors come first, and one that the loss is differentiated by before all others.
template <class F, std::size_t K>
Loss tuple(Description description, const std::array<Role, K>& vector_roles, const Rows<F>& rows,
           const std::vector<Role>& label = {}) {
  Loss loss{.description = std::move(description),
            .domain = Domain::tuple,
            .target_values = label.empty() ? TargetValues::any : TargetValues::bits,
            .vectors = K};
  loss.roles.assign(vector_roles.begin(), vector_roles.end());
  loss.roles.insert(loss.roles.end(), label.begin(), label.end());
  loss.roles.push_back(roles::sample_weight);
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.tuple = std::make_shared<TupleKernelOf<F, K>>(std::move(configured_loss))};
  });
}

/// The same with a label of -1 or 1.
inline Loss with_signs(Loss loss) {
  loss.target_values = TargetValues::signs;
  return loss;
}

/// The same without label, whose target vectors are lists of class indices.
inline Loss with_label_lists(Loss loss) {
  loss.target_values = TargetValues::label_lists;
  return loss;
}

/// A unit is a tuple of K single elements of arrays of one shape.
template <class F, std::size_t K>
Loss element_tuple(Description description, const std::array<Role, K>& element_roles,
                   const Rows<F>& rows, const std::vector<Role>& label = {}) {
  Loss loss = tuple<F, K>(std::move(description), element_roles, rows, label);
  loss.of_elements = true;
  return loss;
}

}  // namespace losscalc
