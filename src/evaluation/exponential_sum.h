/// Sums of exp(z_c - z_t) over classes: where softmax cross-entropy of many classes spends its
/// time.
///
/// Terms are within 3 units of the
/// last place, and a difference above 690 counts as 690, one below -708 as -708. A sum that holds
/// one so limited from above, or NaN, is no number below 1e299.
#pragma once

#include <cstdint>
#include <span>

#include "evaluation/links.h"

namespace losscalc::evaluation {

/// How many doubles the processor's instructions take at a time; the last digit of a sum depends on
/// it.
enum class Vectors : std::uint8_t { of_four, of_eight };
Vectors widest_vectors();

/// sum_c exp(row[c] - origin). The length must be a multiple of 8; -infinity adds nothing that
/// counts.
double sum_of_exponentials(std::span<const double> row, double origin,
                           Vectors vectors = widest_vectors());
double sum_of_exponentials(std::span<const float> row, double origin,
                           Vectors vectors = widest_vectors());

/// sums[j] = sum_{c != t} exp(block[c, j] - block[t, j]) over positions of a class-major block, t =
/// targets[j]; NaN where block[t, j] is infinite. There are as many targets as sums, a multiple of
/// 8 and at most `stride`.
void sums_of_other_exponentials(BlockShape shape, std::span<const double> block,
                                std::span<const std::uint32_t> targets, std::span<double> sums,
                                Vectors vectors = widest_vectors());
void sums_of_other_exponentials(BlockShape shape, std::span<const float> block,
                                std::span<const std::uint32_t> targets, std::span<double> sums,
                                Vectors vectors = widest_vectors());

}  // namespace losscalc::evaluation
