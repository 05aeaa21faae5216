/// The gradient check of bound terms: what is differentiated, by what, and what came of it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "differentiation/check.h"
#include "evaluation/gradient.h"

namespace losscalc::checking {

/// Terms with their arrays, and what the arrays are called.
struct NamedTerms {
  std::vector<evaluation::Term> terms;
  /// For each term and role, the name of each of its arrays: what a gradient is called in an
  /// archive. Terms that share a name share the array.
  std::map<std::pair<std::size_t, std::string>, std::vector<std::string>> names;
};

/// A differentiable input with all its uses; terms that share an input share its derivative.
struct DifferentiableInput {
  std::string name;
  evaluation::Data data;
  std::vector<evaluation::InputUse> uses;
};

/// Throws Error(not_supported) if a term has none.
std::vector<DifferentiableInput> differentiable_inputs(const NamedTerms& bound);

/// A gradient from elsewhere, with the tolerance of the type that it was stored in.
struct GivenGradient {
  std::string input;
  std::vector<double> values;
  double tolerance = 1e-7;
  double round_off = 0x1p-53;
  double least = 1e-290;
};

/// The same with the tolerances of IEEE 754's binary32 or binary16.
GivenGradient as_float32(GivenGradient gradient);
GivenGradient as_float16(GivenGradient gradient);

/// Everything about a check but its verdicts: gradients by the formulas and in dual numbers.
class GradientCheck {
 public:
  /// Checks the inputs named in `wrt`, or all; `given` stand in for the gradients of the same
  /// names. Throws Error for names that are none, and as evaluation does.
  GradientCheck(const NamedTerms& bound, const std::vector<std::string>& wrt,
                const std::vector<GivenGradient>& given,
                const differentiation::CheckRequest& request, std::optional<double> tolerance);

  differentiation::CheckResult run() const;

  const std::vector<DifferentiableInput>& inputs() const { return inputs_; }
  const evaluation::Differentiable& whole() const { return whole_; }
  const std::vector<std::vector<double>>& analytic() const { return analytic_; }
  const std::vector<std::vector<double>>& dual() const { return dual_; }
  std::unique_ptr<differentiation::Subject> subject() const;

  /// The derivatives by each input of these terms.
  std::vector<std::vector<double>> gradients(const evaluation::Differentiable& of,
                                             DerivativeBy formula, double rounding = 0.0) const;

  /// How far each entry of all inputs, one after the other, may reasonably be moved.
  std::vector<double> scales() const;
  /// The same terms with every entry moved.
  evaluation::Differentiable moved(std::span<const double> moves) const;

 private:
  std::vector<evaluation::Term> nudged_terms(std::uint64_t stream, double sign) const;
  void suspect_kinks();
  std::vector<double> rounding_of(std::size_t input, const std::vector<double>& derivative) const;

  NamedTerms bound_;
  differentiation::CheckRequest request_;
  std::vector<DifferentiableInput> inputs_;
  evaluation::Differentiable whole_;
  std::vector<std::vector<double>> analytic_;
  std::vector<std::vector<double>> dual_;
  std::vector<std::vector<std::uint8_t>> suspected_;
  std::vector<double> tolerance_;
  std::vector<double> round_off_;
  std::vector<double> least_;
  std::vector<std::vector<double>> rounding_;
};

}  // namespace losscalc::checking
