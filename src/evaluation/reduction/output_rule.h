/// Values that are more than one sum over all units: those of each output by itself, roots,
/// medians.
#pragma once

#include <cstddef>
#include <vector>

#include "evaluation/reduction/partial.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// How the value of a term comes from its units. An output is a place of pred behind the first
/// axis; unit u is of output u % count().
class OutputRule {
 public:
  /// Throws Error: conflicting_arguments and not_supported for conventions that exclude each other,
  /// shape_mismatch and out_of_range for output_weight.
  explicit OutputRule(const Term& term);

  /// Whether the value is more than one sum over all units.
  bool applies() const { return root_ || per_output_ || median_; }
  /// Whether outputs have sums of their own.
  bool per_output() const { return per_output_; }
  /// Whether the loss of every unit is kept, beside its weight.
  bool keeps_losses() const { return median_; }
  /// Whether samples have rows of single units' losses.
  bool has_unit_rows() const { return per_output_ || (applies() && outputs_ == 1); }

  /// The outputs that have values: 1 where they are taken together.
  std::size_t count() const { return per_output_ ? outputs_ : 1; }
  /// What output k's value counts in the term's value.
  double share(std::size_t k) const { return each_ ? 1.0 : shares_[k]; }
  /// Throws Error(not_supported) for the root of a negative number.
  double rooted(double reduced) const;
  /// What a unit adds to the row of its sample: under outputs=each its share of their mean.
  double row_loss(std::size_t unit, double loss, double weight) const;

  /// What record_outputs() leaves to record().
  PassOutputs rest_of(PassOutputs tables) const;

  /// Throws Error(not_supported) where a table would not be one of these values.
  void check_tables(bool by_sample, bool by_class) const;

 private:
  void check_conventions() const;

  const Term* term_;
  bool root_ = false;
  bool per_output_ = false;
  bool each_ = false;
  bool median_ = false;
  std::size_t axes_ = 0;  ///< of pred
  std::size_t outputs_ = 1;
  std::vector<double> shares_;  ///< their sum is 1
};

/// Adds a block of units to what the rule asks for: sums of outputs, rows of samples, kept losses.
/// `block.losses` are without weights.
void record_outputs(const OutputRule& rule, const UnitBlock& block, const PassOutputs& tables,
                    std::size_t units_per_sample, Partial& partial);

}  // namespace losscalc::evaluation
