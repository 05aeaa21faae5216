/// The factories of classwise losses: a unit is a sample or pixel with one prediction for each of C
/// classes.
#pragma once

#include <algorithm>

#include "definition/domains/binary.h"
#include "definition/domains/factory.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

/// A loss of the form sum_c t_c f_c(log p_c), t the target distribution.
///
/// F has:  template <class Scalar> Scalar value(const Scalar& log_p, std::size_t class_index)
/// const;   (f_c)
///         double gradient(double log_p, std::size_t class_index) const; (its derivative)
/// and, if a parameter has one entry per class, check_classes(std::size_t).
template <class F>
class ClassTermKernelOf final : public ClassTermKernel {
 public:
  explicit ClassTermKernelOf(F loss) : loss_(std::move(loss)) {}

  void value(std::span<const double> log_p, std::span<const std::uint32_t> classes,
             std::span<double> out) const override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = loss_.value(log_p[i], classes[i]);
  }
  void gradient(DerivativeBy by, std::span<const double> log_p,
                std::span<const std::uint32_t> classes, std::span<double> out) const override {
    if (by == DerivativeBy::dual_numbers)
      return forward_gradient<formula::Dual>(log_p, classes, out);
    if (by == DerivativeBy::complex_step)
      return forward_gradient<formula::Complex>(log_p, classes, out);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = loss_.gradient(log_p[i], classes[i]);
  }
  void check_classes(std::size_t classes) const override {
    if constexpr (requires { loss_.check_classes(classes); }) loss_.check_classes(classes);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  void forward_gradient(std::span<const double> log_p, std::span<const std::uint32_t> classes,
                        std::span<double> out) const {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = derivative_of(loss_.value(Number(log_p[i], 1.0), classes[i]));
    }
  }

  F loss_;
};

/// A loss of a whole row of scores and the index of the right class.
///
/// F has:  template <class Scalar> Scalar value(std::span<const Scalar> scores, std::size_t target)
/// const;
///         void gradient(std::span<const double> scores, std::size_t target, std::span<double>
///         derivative) const;
template <class F>
class ScoreKernelOf final : public ScoreKernel {
 public:
  explicit ScoreKernelOf(F loss) : loss_(std::move(loss)) {}

  double value(std::span<const double> scores, std::size_t target) const override {
    return loss_.value(scores, target);
  }
  void gradient(DerivativeBy by, std::span<const double> scores, std::size_t target,
                std::span<double> out) const override {
    if (by == DerivativeBy::dual_numbers)
      return forward_gradient<formula::Dual>(scores, target, out);
    if (by == DerivativeBy::complex_step)
      return forward_gradient<formula::Complex>(scores, target, out);
    loss_.gradient(scores, target, out);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  void forward_gradient(std::span<const double> scores, std::size_t target,
                        std::span<double> out) const {
    std::vector<Number> numbers(scores.begin(), scores.end());
    for (std::size_t c = 0; c < scores.size(); ++c) {
      numbers[c] = Number(scores[c], 1.0);
      out[c] = derivative_of(loss_.value(std::span<const Number>(numbers), target));
      numbers[c] = Number(scores[c]);
    }
  }

  F loss_;
};

inline Loss classwise_loss(Description description) {
  Loss loss{.description = std::move(description), .domain = Domain::classwise};
  loss.roles = {Role{.name = "pred",
                     .shape = "[N,C,d...]",
                     .help = "one prediction per class",
                     .differentiable = true},
                Role{.name = "target",
                     .shape = "[N,d...] or [N,C,d...]",
                     .help = "class indices, or one-hot or soft probabilities"},
                roles::sample_weight, roles::class_weight};
  return loss;
}

template <class F>
Loss class_terms(Description description, const Rows<F>& rows, std::vector<From> from) {
  Loss loss = classwise_loss(std::move(description));
  loss.from = std::move(from);
  loss.label_smoothing = true;
  if (std::ranges::find(loss.from, From::logits) != loss.from.end())
    loss.roles.push_back(roles::class_mask);
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.class_terms =
                       std::make_shared<ClassTermKernelOf<F>>(std::move(configured_loss))};
  });
}

/// A loss that has both a softmax form (class terms) and a one-vs-rest sigmoid form (each class a
/// Bernoulli prediction and a unit of its own), chosen by `link`. F has the members of both.
template <class F>
Loss class_terms_or_binary(Description description, const Rows<F>& rows, std::vector<From> from) {
  Loss loss = classwise_loss(std::move(description));
  loss.from = std::move(from);
  loss.links = {Link::softmax, Link::sigmoid};
  loss.label_smoothing = true;
  return with_parameters(std::move(loss), rows, [](const F& configured_loss) {
    return Kernels{.binary = std::make_shared<BinaryKernelOf<F>>(configured_loss),
                   .class_terms = std::make_shared<ClassTermKernelOf<F>>(configured_loss)};
  });
}

template <class F>
Loss class_scores(Description description, const Rows<F>& rows) {
  return with_parameters(classwise_loss(std::move(description)), rows, [](F configured_loss) {
    return Kernels{.scores = std::make_shared<ScoreKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
