/// Derivatives of a weighted sum of losses, and its value as a function of single entries.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "definition/kernel.h"
#include "evaluation/term.h"
#include "numeric/point.h"

namespace losscalc::evaluation {

/// Where the derivative by one input array goes: C order, of the input's size, zero at first.
using GradientBuffer =
    std::function<std::span<double>(std::size_t term, std::string_view role, std::size_t position)>;

/// One place where an input array is used.
struct InputUse {
  std::size_t term = 0;
  std::string role = {};
  std::size_t position = 0;  ///< among the arrays of the role
};

struct Pass;
struct GradientPass;

/// sum_k coefficient_k * loss_k (of the sums, under reduction none), ready to be differentiated.
class Differentiable {
 public:
  /// Runs over the data once; `progress` is called with the share that is done, and may be empty.
  /// Throws as evaluate().
  Differentiable(std::vector<Term> terms, std::size_t threads,
                 const std::function<void(double)>& progress = {});
  ~Differentiable();

  const std::vector<Term>& terms() const { return terms_; }

  double value() const;

  /// d value / d (w_u l_u) of a term's units, where they all have the same, else the factor that
  /// they have in common; 0 where a mean of nothing counts as a number.
  double scale(std::size_t term) const;

  const Pass& pass(std::size_t term) const;

  /// Adds the derivative of the value by each differentiable input to its buffer. An empty buffer
  /// skips that input; inputs that two terms share may share a buffer.
  /// `rounding`: by how much, relatively, the probabilities that come of logits are taken too
  /// small, as one computed in few digits may be.
  /// `progress` is called with the share that is done, and may be empty.
  void add_gradient(DerivativeBy by, const GradientBuffer& buffer, double rounding = 0.0,
                    const std::function<void(double)>& progress = {}) const;

  /// The derivative by one entry of an array with these uses: the same bits as add_gradient()'s,
  /// from the part of the data that the entry lies in.
  double derivative(DerivativeBy by, const std::vector<InputUse>& uses, std::size_t entry) const;

 private:
  GradientPass gradient_pass(std::size_t term, DerivativeBy by, const GradientBuffer& buffer,
                             double rounding) const;

  std::vector<Term> terms_;
  std::size_t threads_;
  std::vector<Pass> passes_;
};

/// The part of a value that single entries change, by which differences need no sum over all data:
/// sums that couple units enter by their derivative, taken in dual numbers. Not for several threads
/// at a time.
class LocalValue {
 public:
  /// `inputs`: the uses of each input. `whole` must outlive this.
  LocalValue(const Differentiable& whole, std::vector<std::vector<InputUse>> inputs);
  ~LocalValue();

  /// The sum of those scaled unit losses that depend on the displaced entries.
  double at(std::span<const Displacement> displacements);

  /// The number that the data hold.
  double number(std::size_t input, std::size_t entry) const;

  /// Where the entry may go, the others being as they are.
  Interior interior(std::size_t input, std::size_t entry) const;

  /// All entries of all inputs that change the same units as this one does.
  std::vector<Displacement> unit_of(std::size_t input, std::size_t entry) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace losscalc::evaluation
