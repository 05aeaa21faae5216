/// Sums of exp(z_c - z_t) over classes: where softmax cross-entropy of many classes spends its
/// time.
///
/// Each term is within 3 units in the last place; differences are clamped to [-708, 690]. A sum
/// with a term that is clamped from above, or with NaN, is not a number below 1e299.
#pragma once

#include <cstdint>
#include <span>

#include "evaluation/links/links.h"

namespace losscalc::evaluation {

/// How many doubles the processor's instructions take at a time; the last digit of a sum depends on
/// it.
enum class SimdWidth : std::uint8_t { avx2, avx512 };
SimdWidth widest_simd();

/// sums[j] = sum_{c != t} exp(row[c] - row[t]) for each row of `classes` logits, t = targets[j];
/// NaN where row[t] is infinite. There are as many targets and sums as rows.
void sums_of_other_exponentials_in_rows(std::size_t classes, std::span<const double> rows,
                                        std::span<const std::uint32_t> targets,
                                        std::span<double> sums, SimdWidth width = widest_simd());
void sums_of_other_exponentials_in_rows(std::size_t classes, std::span<const float> rows,
                                        std::span<const std::uint32_t> targets,
                                        std::span<double> sums, SimdWidth width = widest_simd());

/// The same over positions of a class-major block. There are a multiple of 8 of them, at most
/// `stride`.
void sums_of_other_exponentials(BlockShape shape, std::span<const double> block,
                                std::span<const std::uint32_t> targets, std::span<double> sums,
                                SimdWidth width = widest_simd());
void sums_of_other_exponentials(BlockShape shape, std::span<const float> block,
                                std::span<const std::uint32_t> targets, std::span<double> sums,
                                SimdWidth width = widest_simd());

}  // namespace losscalc::evaluation
