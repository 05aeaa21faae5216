/// The units of each kernel: one place, targets and labels fixed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "definition/kernel.h"
#include "registry/units.h"

namespace losscalc {

/// A loss under its arguments.
struct Configured {
  const Loss& loss;
  const Arguments& arguments;
  const Kernels& kernels;
};

/// Whether the loss has a kernel.
template <auto kernel>
bool has(const Kernels& kernels) {
  return kernels.*kernel != nullptr;
}

/// Slopes of a hundred times an exponential, whose exponent is itself about a hundred.
inline constexpr double rounded_exponents = 1e4;

/// The size of the terms that cancel in an elementwise slope such as 1 - t / p.
double cancelled_in(const Loss& loss, const ElementDomain& domain);

/// The vectors of a tuple loss, of which those that it is differentiated by are free.
struct TupleForm {
  explicit TupleForm(const Loss& loss, std::size_t length) {
    dimensions = loss.of_elements ? 1 : length;
    for (std::size_t k = 0; k < loss.vectors; ++k) {
      const Role& role = loss.roles[k];
      free.push_back(role.differentiable);
      count += role.differentiable ? 1 : 0;
      fixed.push_back(role.differentiable || role.optional ? Numbers{} : target_of(loss));
    }
    labels = loss.target_values == TargetValues::signs ? Numbers{-1, 1} : Numbers{0, 1};
  }
  /// The vectors where the free ones, one after the other, are x.
  template <class Span>
  std::vector<Span> parts(Span x) const {
    std::vector<Span> spans;
    for (std::size_t k = 0, next = 0; k < free.size(); ++k) {
      if (free[k]) {
        spans.push_back(x.subspan(dimensions * next++, dimensions));
      } else if constexpr (std::is_const_v<typename Span::element_type>) {
        spans.push_back(Span(fixed[k]));
      } else {
        spans.push_back({});
      }
    }
    return spans;
  }

  std::size_t dimensions = 0;
  std::size_t count = 0;  ///< of free vectors
  std::vector<bool> free;
  std::vector<Numbers> fixed;
  Numbers labels;

 private:
  Numbers target_of(const Loss& loss) const {
    Numbers target(dimensions, 0.0);
    if (loss.target_values == TargetValues::label_lists) {
      target.assign(dimensions, -1.0);
      target[0] = 2.0;
    } else {
      target[dimensions / 2] = 1.0;
    }
    return target;
  }
};

Unit elementwise_unit(const ElementwiseKernel* kernel, double prediction, double target);

Unit binary_unit(const BinaryKernel* kernel, const Numbers& log_p_and_q, double target,
                 double positive_weight, std::uint32_t class_index);

Unit class_term_unit(const ClassTermKernel* kernel, double log_p, std::uint32_t class_index);

Unit score_unit(const ScoreKernel* kernel, const Numbers& scores, std::size_t target);

Unit overlap_unit(const OverlapKernel* kernel, const Numbers& sums);

Unit box_unit(const BoxKernel* kernel, const Numbers& prediction, const Numbers& target);

Unit tuple_unit(const TupleKernel* kernel, const TupleForm& form, const Numbers& vectors,
                double label);

/// The third of these samples; labels are in pairs.
Unit batch_unit(const BatchKernel* kernel, const Numbers& similarities);

/// Steps of four classes, of which the blank is none of the labels.
Unit sequence_unit(const SequenceKernel* kernel, const Numbers& log_p,
                   const std::vector<std::uint32_t>& labels);

Unit parameter_unit(const ParameterKernel* kernel, double weight);

/// Lets the unit's functions own the kernels that they call.
Unit owning(Unit unit, const std::shared_ptr<const Kernels>& kernels);

}  // namespace losscalc
