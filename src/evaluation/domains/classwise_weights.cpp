#include "evaluation/domains/classwise_weights.h"

#include <algorithm>

namespace losscalc::evaluation {
namespace {

void drop_ignored(const TargetBlock& targets, std::span<double> weights) {
  for (std::size_t j = 0; j < weights.size(); ++j) {
    if (targets.ignored[j] != 0) weights[j] = 0.0;
  }
}

}  // namespace

ClasswiseWeights::ClasswiseWeights(const Term& term, const ClassLayout& layout, std::size_t stride,
                                   bool targets_are_indices)
    : sample_weights_(term, layout.position_shape),
      class_weights_(class_weights(term, layout.classes)),
      given_(optional_input(term, "class_weight") != nullptr),
      where_(term.conventions.class_weight_in),
      divide_means_(term.conventions.mean_weights == MeanWeights::all || targets_are_indices),
      ignored_count_(term.conventions.ignored == Ignored::zero),
      units_per_sample_(layout.positions_per_sample()),
      stride_(stride),
      targets_are_indices_(targets_are_indices) {}

void ClasswiseWeights::of_units(std::size_t first, std::size_t count, const TargetBlock& targets,
                                std::span<double> weights) const {
  weights = weights.first(count);
  std::ranges::fill(weights, 1.0);
  if (given_) {
    for (std::size_t j = 0; j < count; ++j) weights[j] = of_target(targets, j);
  }
  sample_weights_.multiply(first, units_per_sample_, weights);
  drop_ignored(targets, weights);
}

void ClasswiseWeights::leave_divisors(std::size_t first, std::size_t count,
                                      const TargetBlock& targets, std::span<double> weights) const {
  if (given_ && !divide_means_) {
    const std::span<double> divisors = weights.first(count);
    std::ranges::fill(divisors, 1.0);
    sample_weights_.multiply(first, units_per_sample_, divisors);
    drop_ignored(targets, divisors);
  }
  count_ignored(first, count, targets, weights);
}

void ClasswiseWeights::count_ignored(std::size_t first, std::size_t count,
                                     const TargetBlock& targets, std::span<double> weights) const {
  if (!ignored_count_ || !targets.any_ignored) return;
  weights = weights.first(count);
  std::vector<double> of_samples(count, 1.0);
  sample_weights_.multiply(first, units_per_sample_, of_samples);
  for (std::size_t j = 0; j < count; ++j) {
    if (targets.ignored[j] != 0) weights[j] = of_samples[j];
  }
}

void ClasswiseWeights::of_class(std::size_t first, std::size_t class_index, std::size_t count,
                                const TargetBlock& targets, std::span<double> weights) const {
  weights = weights.first(count);
  std::ranges::fill(weights, class_weights_[class_index]);
  sample_weights_.multiply(first, units_per_sample_, weights);
  drop_ignored(targets, weights);
}

void ClasswiseWeights::factors(std::size_t first, std::size_t count, const TargetBlock& targets,
                               std::span<double> factors) const {
  if (!are_in_terms()) {
    of_units(first, count, targets, factors);
    return;
  }
  factors = factors.first(count);
  std::ranges::fill(factors, 1.0);
  sample_weights_.multiply(first, units_per_sample_, factors);
}

double ClasswiseWeights::of_target(const TargetBlock& targets, std::size_t j) const {
  if (targets_are_indices_) return class_weights_[targets.classes[j]];
  double weight = 0.0;
  for (std::size_t c = 0; c < class_weights_.size(); ++c)
    weight += targets.distribution[c * stride_ + j] * class_weights_[c];
  return weight;
}

void ClasswiseWeights::warn(const std::vector<std::size_t>& counts,
                            std::vector<Warning>& warnings) const {
  warn_of_classes(counts, class_weights_, given_, warnings);
}

}  // namespace losscalc::evaluation
