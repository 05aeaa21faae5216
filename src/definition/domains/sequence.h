/// The factory of sequence losses: a unit is a sequence of steps with a log-probability for each
/// class, against a shorter sequence of labels whose places are not known.
///
/// F has:  template <class Scalar> Scalar value(std::span<const Scalar> log_p, std::size_t classes,
///         std::span<const std::uint32_t> labels) const;
///         void gradient(std::span<const double> log_p, std::size_t classes,
///         std::span<const std::uint32_t> labels, std::span<double> derivative) const;
///         std::int64_t blank;   (the class that is no label, negative from the end)
#pragma once

#include <string>

#include "definition/domains/factory.h"
#include "diagnostics/error.h"
#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc {

template <class F>
class SequenceKernelOf final : public SequenceKernel {
 public:
  explicit SequenceKernelOf(F loss) : loss_(std::move(loss)) {}

  std::size_t blank(std::size_t classes) const override {
    const auto count = static_cast<std::int64_t>(classes);
    const std::int64_t index = loss_.blank < 0 ? loss_.blank + count : loss_.blank;
    if (index >= 0 && index < count) return static_cast<std::size_t>(index);
    throw Error(ErrorCode::out_of_range, "blank=" + std::to_string(loss_.blank) +
                                             " is none of the " + std::to_string(classes) +
                                             " classes of pred");
  }
  double value(std::span<const double> log_p, std::size_t classes,
               std::span<const std::uint32_t> labels) const override {
    return loss_.value(log_p, classes, labels);
  }
  void gradient(DerivativeBy by, std::span<const double> log_p, std::size_t classes,
                std::span<const std::uint32_t> labels,
                std::span<double> derivative) const override {
    if (by == DerivativeBy::dual_numbers)
      return forward_gradient<formula::Dual>(log_p, classes, labels, derivative);
    if (by == DerivativeBy::complex_step)
      return forward_gradient<formula::Complex>(log_p, classes, labels, derivative);
    loss_.gradient(log_p, classes, labels, derivative);
  }

 private:
  /// The formula in numbers that carry their derivative.
  template <class Number>
  void forward_gradient(std::span<const double> log_p, std::size_t classes,
                        std::span<const std::uint32_t> labels, std::span<double> derivative) const {
    std::vector<Number> numbers(log_p.begin(), log_p.end());
    for (std::size_t i = 0; i < log_p.size(); ++i) {
      numbers[i] = Number(log_p[i], 1.0);
      derivative[i] = derivative_of(loss_.value(std::span<const Number>(numbers), classes, labels));
      numbers[i] = Number(log_p[i]);
    }
  }

  F loss_;
};

template <class F>
Loss sequence(Description description, From form, const Rows<F>& rows) {
  Loss loss{.description = std::move(description),
            .domain = Domain::sequence,
            .roles = {Role{.name = "pred",
                           .shape = "[N,T,C]",
                           .help = "one prediction per class at each time step",
                           .differentiable = true},
                      Role{.name = "target",
                           .shape = "[N,S]",
                           .help = "the labels of each sequence, padded with the blank or -1; or "
                                   "all labels concatenated, [sum of target_lengths]"},
                      Role{.name = "pred_lengths",
                           .shape = "[N]",
                           .help = "number of valid time steps of each sequence",
                           .optional = true},
                      Role{.name = "target_lengths",
                           .shape = "[N]",
                           .help = "number of valid labels of each sequence",
                           .optional = true},
                      Role{.name = "pred_padding",
                           .shape = "[N,T]",
                           .help = "1 for padding steps, which follow the valid ones (0)",
                           .optional = true},
                      Role{.name = "target_padding",
                           .shape = "[N,S]",
                           .help = "1 for padding labels, which follow the valid ones (0)",
                           .optional = true},
                      roles::sample_weight},
            .from = {form}};
  for (const From other : {From::logits, From::log_probs, From::probs})
    if (other != form) loss.from.push_back(other);
  return with_parameters(std::move(loss), rows, [](F configured_loss) {
    return Kernels{.sequence = std::make_shared<SequenceKernelOf<F>>(std::move(configured_loss))};
  });
}

}  // namespace losscalc
