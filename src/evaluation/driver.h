/// The driver of a domain, bound to one term: it slices the data into units, calls the loss's
/// kernel and sums.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "definition/kernel.h"
#include "evaluation/arrays/data.h"
#include "evaluation/reduction/partial.h"
#include "numeric/limits.h"
#include "numeric/point.h"

namespace losscalc::evaluation {

/// What a pass for derivatives needs: d value / d (w_u l_u), all sums of the data, and where
/// derivatives go.
struct GradientPass {
  DerivativeBy by = DerivativeBy::analytic;
  double scale = 1.0;
  const Partial* totals = nullptr;
  /// By how much, relatively, probabilities that come of logits are rounded down.
  double rounding = 0.0;
  /// What multiplies `scale` for a unit; empty: 1 for each.
  std::function<double(std::size_t unit)> factor = {};
  std::function<std::span<double>(std::string_view role, std::size_t position)> buffer = {};
};

class Driver {
 public:
  virtual ~Driver() = default;

  /// The length of the first axis; 0 for losses that have no samples.
  virtual std::size_t samples() const = 0;
  /// The number of items (elements, positions, tuples) that chunks are made of.
  virtual std::size_t items() const = 0;
  virtual std::size_t items_per_chunk() const = 0;
  /// Sums begin anew at multiples of this many items from where a part of the data begins; divides
  /// items_per_chunk().
  virtual std::size_t items_per_block() const { return items_per_chunk(); }
  /// Whether the loss is a sum over samples; of a non-decomposable one a unit depends on all
  /// samples, so that everything is one item, and no shard has a part of the sums.
  virtual bool is_decomposable() const { return true; }
  /// The shape of the array of unit losses.
  virtual Shape unit_shape() const = 0;

  /// Adds items first .. last-1 to `partial`. Called from several threads at a time.
  virtual void accumulate(std::size_t first, std::size_t last, const PassOutputs& tables,
                          Partial& partial) const = 0;

  /// Once items before `last` are merged, and the data continues there: turns what is finished by
  /// then into units, so that it need not be kept.
  virtual void reduce_finished_samples(std::size_t /*last*/, const PassOutputs& /*tables*/,
                                       Partial& /*partial*/) const {}

  /// Once all is merged: turns what could not be summed unit by unit into units.
  virtual void finish(const PassOutputs& /*tables*/, Partial& /*partial*/) const {}

  /// Throws the error that the issues call for, if there is one.
  virtual void raise(const DataIssues& /*issues*/) const {}
  virtual void warn(const Partial& /*partial*/, std::vector<Warning>& /*warnings*/) const {}

  /// Adds the derivatives of items first .. last-1. Called from several threads at a time, on
  /// disjoint items.
  virtual void add_gradient(std::size_t first, std::size_t last,
                            const GradientPass& pass) const = 0;

  /// The entries of an input array that an item reads, numbered from 0; an item's value depends on
  /// no other.
  virtual std::size_t entries_per_item(std::string_view role) const = 0;
  virtual std::size_t entry(std::string_view role, std::size_t position, std::size_t item,
                            std::size_t k) const = 0;
  virtual std::size_t item_of(std::string_view role, std::size_t position,
                              std::size_t entry) const = 0;

  /// Where an entry may go without being clipped or leaving the loss's domain.
  virtual Interior interior(std::string_view /*role*/, std::size_t /*position*/,
                            std::size_t /*entry*/) const {
    return {-infinity, infinity};
  }

  /// pass.scale w_u l_u, summed over the units of one item; where items are coupled by sums, what
  /// the item adds to each sum times the derivative by that sum.
  virtual double item_value(std::size_t item, const GradientPass& pass) const = 0;
};

}  // namespace losscalc::evaluation
