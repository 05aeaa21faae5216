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
  double smallest_normal = 1e-290;
};

/// The same with the tolerances of IEEE 754's binary32 or binary16, or of bfloat16.
GivenGradient as_float32(GivenGradient gradient);
GivenGradient as_float16(GivenGradient gradient);
GivenGradient as_bfloat16(GivenGradient gradient);

/// A check of gradients. Nothing is computed before it is asked for, and then once: each pass over
/// the data calls the request's progress with its own share. One thread at a time may ask.
class GradientCheck {
 public:
  /// Checks the inputs named in `wrt`, or all; `given` stand in for the gradients of the same
  /// names. Throws Error for names that are none, and for inputs without entries.
  GradientCheck(const NamedTerms& bound, const std::vector<std::string>& wrt,
                const std::vector<GivenGradient>& given,
                const differentiation::CheckRequest& request, std::optional<double> tolerance);

  /// Throws Error as evaluation does, as all that follows.
  differentiation::CheckResult run() const;

  const std::vector<DifferentiableInput>& inputs() const { return inputs_; }
  const evaluation::Differentiable& whole() const;
  /// The gradients that are checked: those by the formulas, or the given ones.
  const std::vector<std::vector<double>>& analytic() const;
  /// What they are held against: in dual numbers, or by complex steps where the request asks for
  /// these.
  const std::vector<std::vector<double>>& dual() const;
  /// One entry of analytic() and of dual(), of which nothing else is computed.
  double analytic(std::size_t input, std::size_t entry) const;
  double dual(std::size_t input, std::size_t entry) const;
  std::unique_ptr<differentiation::Subject> subject() const;

  /// The derivatives by each input of these terms.
  std::vector<std::vector<double>> gradients(const evaluation::Differentiable& of,
                                             DerivativeBy formula, double rounding = 0.0) const;

  /// How far each entry of all inputs, one after the other, may reasonably be moved.
  std::vector<double> scales() const;
  /// The same terms with every entry moved.
  evaluation::Differentiable moved(std::span<const double> moves) const;

 private:
  using Arrays = std::vector<std::vector<double>>;

  DerivativeBy reference() const;
  const Arrays& by_formula() const;
  std::vector<evaluation::Term> nudged_terms(std::uint64_t stream, double sign) const;
  std::vector<std::vector<std::uint8_t>> suspected_kinks() const;
  std::vector<double> rounding_of(std::size_t input) const;

  NamedTerms bound_;
  differentiation::CheckRequest request_;
  std::vector<DifferentiableInput> inputs_;
  std::vector<std::optional<GivenGradient>> given_;  ///< for each input
  std::vector<double> tolerance_;

  mutable std::optional<evaluation::Differentiable> whole_;
  mutable std::optional<Arrays> by_formula_;
  mutable std::optional<Arrays> analytic_;
  mutable std::optional<Arrays> dual_;
};

}  // namespace losscalc::checking
