/// The mergeable partial: all that a part of the data contributes to a loss's value and tables.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "definition/conventions.h"
#include "definition/kernel.h"
#include "evaluation/reduction/data_issues.h"
#include "evaluation/reduction/exact_sum.h"
#include "numeric/limits.h"

namespace losscalc::evaluation {

/// Sums over units that count.
struct UnitSums {
  ExactSum loss;    ///< sum of w_u l_u
  ExactSum weight;  ///< sum of w_u
  std::size_t units = 0;
  std::size_t ignored = 0;

  void merge(const UnitSums& other);
};

/// A loss's value from its sums under a reduction; `samples` is the length of the first axis.
/// Where there is nothing to divide by: NaN.
double reduced(const UnitSums& sums, Reduction reduction, std::size_t samples);

/// What reduced() divides by: 1 for none and sum.
double divisor(const UnitSums& sums, Reduction reduction, std::size_t samples);

struct SampleSums {
  std::size_t sample = 0;
  UnitSums sums = {};
  double target = quiet_nan;
  double predicted = quiet_nan;
};

/// The sums of region losses over one map.
struct MapSums {
  ExactSum intersection;
  ExactSum prediction;
  ExactSum target;
  std::size_t pixels = 0;

  void merge(const MapSums& other);
  Overlap<double> overlap() const;
};

/// Consecutive maps, from number `first` on.
struct MapRange {
  std::size_t first = 0;
  std::vector<MapSums> maps;

  /// The sums of map number `index`, which is created with all between if need be.
  MapSums& at(std::size_t index);
  /// One past the last map.
  std::size_t last() const { return first + maps.size(); }
  void drop_before(std::size_t index);
  void merge(const MapRange& other);
};

struct Partial {
  UnitSums total;
  std::vector<SampleSums> by_sample;  ///< ascending
  std::vector<UnitSums> by_class;
  std::vector<UnitSums> by_output;         ///< where outputs are reduced by themselves
  std::vector<std::size_t> target_counts;  ///< units by target class
  MapRange maps;
  MapRange sample_maps;  ///< where maps run over the batch: the same for each sample alone
  DataIssues issues;

  /// Adds what comes next in the order of samples.
  void merge(const Partial& next);
};

/// What a pass over the data makes beside the total: tables, and room for single units.
struct PassOutputs {
  bool by_sample = false;
  bool by_class = false;
  /// Under reduction none: room for every unit's weighted loss, in the order of the unit shape;
  /// empty otherwise.
  std::span<double> losses = {};
  /// Under reduction median: room for every unit's weight; `losses` is then without weights.
  std::span<double> weights = {};
};

/// Units that follow each other: `losses` holds w_u l_u, 0 for ignored units. Empty spans mean: all
/// weights 1, none ignored, no classes, nothing to show.
struct UnitBlock {
  std::size_t first_position = 0;
  std::span<const double> losses = {};
  std::span<const double> weights = {};
  std::span<const std::uint8_t> ignored = {};
  bool ignored_count = false;  ///< among the units, with a loss of 0 and their weights
  std::span<const std::uint32_t> classes = {};
  std::span<const double> targets = {};
  std::span<const double> predicted = {};
};

/// Adds a block to a partial's table by sample alone.
void record_samples(const UnitBlock& block, std::size_t positions_per_sample, Partial& partial);

/// Adds a block to a partial's total and tables. `positions_per_sample` maps positions to samples.
void record(const UnitBlock& block, const PassOutputs& tables, std::size_t positions_per_sample,
            Partial& partial);

}  // namespace losscalc::evaluation
