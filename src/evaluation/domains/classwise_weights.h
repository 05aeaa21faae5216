/// Class and sample weights of classwise losses.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "evaluation/arrays/class_layout.h"
#include "evaluation/inputs/class_targets.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// Weights of blocks of units first, first+1, ..., whose targets are given.
class ClasswiseWeights {
 public:
  /// Blocks of targets have `stride` positions. Throws as SampleWeights and class_weights() do.
  ClasswiseWeights(const Term& term, const ClassLayout& layout, std::size_t stride,
                   bool targets_are_indices);

  /// Whether every unit of such a block counts 1.
  bool are_all_one(const TargetBlock& targets) const {
    return !given_ && !sample_weights_.given() && !targets.any_ignored;
  }

  /// What a unit counts: sample weight x sum_c t_c w_c, 0 where ignored.
  void of_units(std::size_t first, std::size_t count, const TargetBlock& targets,
                std::span<double> weights) const;

  /// Replaces the weights of units by what they add to the divisor of a mean.
  void leave_divisors(std::size_t first, std::size_t count, const TargetBlock& targets,
                      std::span<double> weights) const;

  /// Under ignored=zero, gives ignored units the weights of their samples, as they have no class.
  void count_ignored(std::size_t first, std::size_t count, const TargetBlock& targets,
                     std::span<double> weights) const;

  /// What the elements of one class count: sample weight x w_c, 0 where ignored.
  void of_class(std::size_t first, std::size_t class_index, std::size_t count,
                const TargetBlock& targets, std::span<double> weights) const;

  /// What multiplies a unit's sum_c t_c in_term(c) f_c: all of its weights that are not inside.
  void factors(std::size_t first, std::size_t count, const TargetBlock& targets,
               std::span<double> factors) const;

  /// The weight of one class's term within a unit's sum.
  double in_term(std::size_t class_index) const {
    return are_in_terms() ? class_weights_[class_index] : 1.0;
  }

  void warn(const std::vector<std::size_t>& counts, std::vector<Warning>& warnings) const;

 private:
  bool are_in_terms() const { return given_ && where_ == ClassWeightIn::terms; }
  double of_target(const TargetBlock& targets, std::size_t j) const;

  SampleWeights sample_weights_;
  std::vector<double> class_weights_;
  bool given_;
  ClassWeightIn where_;
  bool divide_means_;
  bool ignored_count_;
  std::size_t units_per_sample_;
  std::size_t stride_;
  bool targets_are_indices_;
};

}  // namespace losscalc::evaluation
