/// The softmax link where only part of it is wanted: probabilities, or the log-probability of one
/// class of each position.
///
/// Class-major blocks are those of links.h. Rows hold all classes of a position one after the
/// other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "evaluation/arrays/aligned.h"
#include "evaluation/links/links.h"

namespace losscalc::evaluation {

/// What checks of predictions look at, for each position of a block.
struct RowStatistics {
  AlignedVector sum;
  AlignedVector smallest;  ///< NaNs are passed over; they show in the sum
  AlignedVector largest;
};

void measure_block(BlockShape shape, std::span<const double> block, RowStatistics& statistics);
void measure_rows(std::size_t classes, std::span<const double> rows, RowStatistics& statistics);

/// softmax(z) = exp(z_c - max) / sum_k exp(z_k - max), in place.
void softmax(BlockShape shape, std::span<double> block);

/// log p_t = -log(1 + sum_{c != t} exp(z_c - z_t)) of the class `targets[j]` of each position, so
/// that a certain answer keeps its digits and no maximum is needed.
/// Blocks may have more positions than there are targets; if there are fewer than a multiple of 8,
/// they must.
void log_softmax_of_target(BlockShape shape, std::span<const double> block,
                           std::span<const std::uint32_t> targets, std::span<double> log_p);
void log_softmax_of_target(BlockShape shape, std::span<const float> block,
                           std::span<const std::uint32_t> targets, std::span<double> log_p);
void log_softmax_of_target_in_rows(std::size_t classes, std::span<const double> rows,
                                   std::span<const std::uint32_t> targets, std::span<double> log_p);
void log_softmax_of_target_in_rows(std::size_t classes, std::span<const float> rows,
                                   std::span<const std::uint32_t> targets, std::span<double> log_p);

}  // namespace losscalc::evaluation
