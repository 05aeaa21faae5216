/// What the driver of a domain calls: a loss's formula and derivative with its scalar type erased,
/// over blocks of units.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "definition/parameter.h"

namespace losscalc {

/// How a kernel's formula is differentiated; links, weights and sums follow by the chain rule.
enum class DerivativeBy : std::uint8_t {
  analytic,      ///< the derivative that is written by hand beside it
  dual_numbers,  ///< the formula itself, evaluated in dual numbers
  complex_step,  ///< in complex numbers with a tiny imaginary step
};

/// The predictions and targets that an elementwise loss takes under its parameters; others are
/// errors. An interval without ends takes NaN, too, and gives NaN.
struct ElementDomain {
  Interval prediction = {};
  Interval target = {};
  bool log_prediction = false;  ///< exp(prediction) enters the formula
  bool log_target = false;      ///< exp(target) enters the formula
};

/// One prediction against one target. All spans of a call have one length.
class ElementwiseKernel {
 public:
  virtual ~ElementwiseKernel() = default;
  virtual ElementDomain domain() const = 0;
  virtual void value(std::span<const double> prediction, std::span<const double> target,
                     std::span<double> loss) const = 0;
  virtual void gradient(DerivativeBy by, std::span<const double> prediction,
                        std::span<const double> target, std::span<double> derivative) const = 0;
};

/// A block of Bernoulli predictions, each as log p and log(1 - p), of targets in [0,1], and of the
/// class that each element belongs to (0 where there are no classes).
struct BinaryBlock {
  std::span<const double> log_p;
  std::span<const double> log_q;
  std::span<const double> target;
  std::span<const double> positive_weight;  ///< multiplies the positive term; empty means 1
  std::span<const std::uint32_t> classes;
};

/// A Bernoulli prediction, given as log p and log(1 - p) so that no tail is lost, against a target
/// in [0,1].
class BinaryKernel {
 public:
  virtual ~BinaryKernel() = default;
  virtual void value(const BinaryBlock& block, std::span<double> loss) const = 0;
  /// The derivatives by log p and by log(1 - p), these two taken as independent.
  virtual void gradient(DerivativeBy by, const BinaryBlock& block, std::span<double> by_log_p,
                        std::span<double> by_log_q) const = 0;
  /// Throws Error(bad_value) if a per-class parameter has another length than `classes`.
  virtual void check_classes(std::size_t classes) const = 0;
};

/// The terms of a loss sum_c t_c f_c(log p_c): f_c for elements of the given classes.
class ClassTermKernel {
 public:
  virtual ~ClassTermKernel() = default;
  virtual void value(std::span<const double> log_p, std::span<const std::uint32_t> classes,
                     std::span<double> loss) const = 0;
  virtual void gradient(DerivativeBy by, std::span<const double> log_p,
                        std::span<const std::uint32_t> classes,
                        std::span<double> derivative) const = 0;
  virtual void check_classes(std::size_t classes) const = 0;
};

/// One row of class scores against the index of the right class.
class ScoreKernel {
 public:
  virtual ~ScoreKernel() = default;
  virtual double value(std::span<const double> scores, std::size_t target) const = 0;
  virtual void gradient(DerivativeBy by, std::span<const double> scores, std::size_t target,
                        std::span<double> derivative) const = 0;
};

/// Sums over a map of predicted probabilities p and targets t.
template <class Scalar>
struct Overlap {
  Scalar intersection = 0.0;  ///< sum p t
  Scalar prediction = 0.0;    ///< sum p, or sum p^2
  Scalar target = 0.0;        ///< sum t, or sum t^2
};

class OverlapKernel {
 public:
  virtual ~OverlapKernel() = default;
  virtual double value(const Overlap<double>& overlap) const = 0;
  /// The derivatives by the three sums.
  virtual Overlap<double> gradient(DerivativeBy by, const Overlap<double>& overlap) const = 0;
};

/// Vectors of one length; one that is optional and not given is empty.
using Tuple = std::span<const std::span<const double>>;

/// A tuple of vectors, with a label where the loss has one.
class TupleKernel {
 public:
  virtual ~TupleKernel() = default;
  /// Whether the tuple is a unit, and not left out.
  virtual bool counts(Tuple vectors) const = 0;
  virtual double value(Tuple vectors, double label) const = 0;
  /// Writes the derivative by each vector into the span of the same position, but for spans that
  /// are empty.
  virtual void gradient(DerivativeBy by, Tuple vectors, double label,
                        std::span<const std::span<double>> derivatives) const = 0;
};

/// A sample with its similarities to all samples of the batch, itself among them. `labels` are
/// those of the samples; empty for a loss without.
class BatchKernel {
 public:
  virtual ~BatchKernel() = default;
  /// What the sample weighs in a mean; 0 leaves it out.
  virtual double weight(std::span<const double> labels, std::size_t sample) const = 0;
  virtual double value(std::span<const double> similarities, std::span<const double> labels,
                       std::size_t sample) const = 0;
  /// The derivatives by the similarities.
  virtual void gradient(DerivativeBy by, std::span<const double> similarities,
                        std::span<const double> labels, std::size_t sample,
                        std::span<double> derivative) const = 0;
};

/// A sequence of steps, `log_p` holding the classes of each one after the other, and its labels, of
/// which none is the blank.
class SequenceKernel {
 public:
  virtual ~SequenceKernel() = default;
  /// The class that is no label. Throws Error(out_of_range) where there are not so many classes.
  virtual std::size_t blank(std::size_t classes) const = 0;
  virtual double value(std::span<const double> log_p, std::size_t classes,
                       std::span<const std::uint32_t> labels) const = 0;
  virtual void gradient(DerivativeBy by, std::span<const double> log_p, std::size_t classes,
                        std::span<const std::uint32_t> labels,
                        std::span<double> derivative) const = 0;
};

/// A box by its corners: x1 <= x2, y1 <= y2.
template <class Scalar>
struct Box {
  Scalar x1 = 0.0;
  Scalar y1 = 0.0;
  Scalar x2 = 0.0;
  Scalar y2 = 0.0;
};

class BoxKernel {
 public:
  virtual ~BoxKernel() = default;
  virtual double value(const Box<double>& prediction, const Box<double>& target) const = 0;
  /// The derivatives by the corners of the prediction.
  virtual Box<double> gradient(DerivativeBy by, const Box<double>& prediction,
                               const Box<double>& target) const = 0;
};

/// A penalty that is a sum over single weights of a model.
class ParameterKernel {
 public:
  virtual ~ParameterKernel() = default;
  virtual void value(std::span<const double> weights, std::span<double> penalty) const = 0;
  virtual void gradient(DerivativeBy by, std::span<const double> weights,
                        std::span<double> derivative) const = 0;
};

/// The kernels that one loss with its parameters offers; a loss sets those that its domain's driver
/// uses.
struct Kernels {
  std::shared_ptr<const ElementwiseKernel> elementwise = {};
  std::shared_ptr<const BinaryKernel> binary = {};
  std::shared_ptr<const ClassTermKernel> class_terms = {};
  std::shared_ptr<const ScoreKernel> scores = {};
  std::shared_ptr<const OverlapKernel> overlap = {};
  std::shared_ptr<const TupleKernel> tuple = {};
  std::shared_ptr<const BatchKernel> batch = {};
  std::shared_ptr<const SequenceKernel> sequence = {};
  std::shared_ptr<const BoxKernel> box = {};
  std::shared_ptr<const ParameterKernel> parameters = {};
};

}  // namespace losscalc
