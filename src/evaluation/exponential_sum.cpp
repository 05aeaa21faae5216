#include "evaluation/exponential_sum.h"

#include <array>
#include <cstddef>
#include <cstring>

#include "formula/lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace losscalc::evaluation {
namespace {

using formula::lane_count;
using formula::Lanes;
using formula::lanes_of;
using formula::load_lanes;

/// Above it, a difference of logits is left to a more careful way.
constexpr double most = 690.0;

inline Lanes load_lanes(const float* values) {
  return Lanes{values[0], values[1], values[2], values[3]};
}

[[gnu::always_inline]] inline Lanes exp_of_difference(Lanes x) {
  const Lanes limit = lanes_of(most);
  return formula::exp_lanes(x > limit ? limit : x);
}

template <class Number>
double sum_by_four(std::span<const Number> row, double origin) {
  const Lanes from = lanes_of(origin);
  Lanes even = lanes_of(0.0);
  Lanes odd = lanes_of(0.0);
  for (std::size_t c = 0; c < row.size(); c += 2 * lane_count) {
    even += exp_of_difference(load_lanes(row.data() + c) - from);
    odd += exp_of_difference(load_lanes(row.data() + c + lane_count) - from);
  }
  return formula::sum_of_lanes(even + odd);
}

template <class Number>
void block_by_four(BlockShape shape, std::span<const Number> block,
                   std::span<const std::uint32_t> targets, std::span<double> sums) {
  using Bits = formula::LaneBits;
  for (std::size_t j = 0; j < sums.size(); j += lane_count) {
    const Bits target{targets[j], targets[j + 1], targets[j + 2], targets[j + 3]};
    const Number* const z = block.data() + j;
    Lanes origin = lanes_of(0.0);
    Bits at{};
    for (std::size_t c = 0; c < shape.classes; ++c, at += 1)
      origin = at == target ? load_lanes(z + c * shape.stride) : origin;
    Lanes sum = 0.0 * origin;
    at = Bits{};
    for (std::size_t c = 0; c < shape.classes; ++c, at += 1) {
      const Lanes term = exp_of_difference(load_lanes(z + c * shape.stride) - origin);
      sum += at == target ? lanes_of(0.0) : term;
    }
    formula::store_lanes(sum, sums.data() + j);
  }
}

#if defined(__x86_64__)
// Intrinsics, and only broadcast constants: g++ 12 builds wrong vectors of constants for AVX-512,
// so that the rest of the program does without it.
#define LOSSCALC_AVX512 gnu::target("avx512f,fma")

/// 2^(k/16).
constexpr std::array<double, 16> powers_of_two{
    0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0,
    0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0,
    0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0,
    0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0,
};

[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d all(double x) { return _mm512_set1_pd(x); }

/// exp(x), x limited as the header says.
///
/// x = n ln 2 / 16 + r with |r| <= ln 2 / 32; n = 16 m + k, and exp(x) = 2^m 2^(k/16) exp(r), the
/// middle from a table that two registers hold, the last by Taylor's polynomial of degree 6, whose
/// odd coefficients take in the next term: 6e-17 off at most.
[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d exp_by_table(__m512d x, __m512d low_powers,
                                                                    __m512d high_powers) {
  // The second operand of min and max is the result where one is NaN.
  const __m512d y = _mm512_max_pd(all(-708.0), _mm512_min_pd(all(most), x));
  const __m512d shift = all(0x1.8p52);
  const __m512d shifted = _mm512_fmadd_pd(y, all(0x1.71547652b82fep+4), shift);
  const __m512d n = _mm512_sub_pd(shifted, shift);
  __m512d r = _mm512_fmadd_pd(n, all(-0x1.62e42fee00000p-5), y);
  r = _mm512_fmadd_pd(n, all(-0x1.a39ef35793c76p-37), r);
  const __m512d r2 = _mm512_mul_pd(r, r);
  // u^2 = U u - U^2 / 8 to within U^2 / 8, for u = r^2 in [0, U].
  constexpr double largest_r2 = 4.6919e-4;
  constexpr double cube = 1.0 / 6.0 - largest_r2 * largest_r2 / 8.0 / 5040.0;
  constexpr double fifth = 1.0 / 120.0 + largest_r2 / 5040.0;
  const __m512d low = _mm512_fmadd_pd(r, all(cube), all(1.0 / 2.0));
  __m512d high = _mm512_fmadd_pd(r, all(fifth), all(1.0 / 24.0));
  high = _mm512_fmadd_pd(r2, all(1.0 / 720.0), high);
  const __m512d rest = _mm512_fmadd_pd(r2, _mm512_fmadd_pd(r2, high, low), r);
  const __m512i bits = _mm512_castpd_si512(shifted);
  const __m512d power = _mm512_permutex2var_pd(low_powers, bits, high_powers);
  const __m512i exponent = _mm512_slli_epi64(_mm512_srli_epi64(bits, 4), 52);
  const __m512d scale = _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(power), exponent));
  return _mm512_fmadd_pd(scale, rest, scale);
}

[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d load_eight(const double* values) {
  return _mm512_loadu_pd(values);
}
[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d load_eight(const float* values) {
  return _mm512_cvtps_pd(_mm256_loadu_ps(values));
}

template <class Number>
[[LOSSCALC_AVX512]] double sum_by_eight(std::span<const Number> row, double origin) {
  const __m512d low_powers = _mm512_loadu_pd(powers_of_two.data());
  const __m512d high_powers = _mm512_loadu_pd(powers_of_two.data() + 8);
  const __m512d from = _mm512_set1_pd(origin);
  __m512d even = _mm512_setzero_pd();
  __m512d odd = _mm512_setzero_pd();
  const Number* const z = row.data();
  std::size_t c = 0;
  for (; c + 16 <= row.size(); c += 16) {
    const __m512d first = _mm512_sub_pd(load_eight(z + c), from);
    const __m512d second = _mm512_sub_pd(load_eight(z + c + 8), from);
    even = _mm512_add_pd(even, exp_by_table(first, low_powers, high_powers));
    odd = _mm512_add_pd(odd, exp_by_table(second, low_powers, high_powers));
  }
  if (c < row.size()) {
    const __m512d last = _mm512_sub_pd(load_eight(z + c), from);
    even = _mm512_add_pd(even, exp_by_table(last, low_powers, high_powers));
  }
  std::array<double, 8> sums{};
  _mm512_storeu_pd(sums.data(), _mm512_add_pd(even, odd));
  return formula::sum_of_lanes(load_lanes(sums.data()) + load_lanes(sums.data() + lane_count));
}

template <class Number>
[[LOSSCALC_AVX512]] void block_by_eight(BlockShape shape, std::span<const Number> block,
                                        std::span<const std::uint32_t> targets,
                                        std::span<double> sums) {
  const __m512d low_powers = _mm512_loadu_pd(powers_of_two.data());
  const __m512d high_powers = _mm512_loadu_pd(powers_of_two.data() + 8);
  const __m512i one = _mm512_set1_epi64(1);
  for (std::size_t j = 0; j < sums.size(); j += 8) {
    const Number* const z = block.data() + j;
    __m256i narrow{};
    std::memcpy(&narrow, targets.data() + j, sizeof narrow);
    const __m512i target = _mm512_cvtepu32_epi64(narrow);
    __m512d origin = _mm512_setzero_pd();
    __m512i at = _mm512_setzero_si512();
    for (std::size_t c = 0; c < shape.classes; ++c) {
      const __mmask8 here = _mm512_cmpeq_epi64_mask(at, target);
      origin = _mm512_mask_mov_pd(origin, here, load_eight(z + c * shape.stride));
      at = _mm512_add_epi64(at, one);
    }
    __m512d sum = _mm512_mul_pd(origin, _mm512_setzero_pd());
    at = _mm512_setzero_si512();
    for (std::size_t c = 0; c < shape.classes; ++c) {
      const __mmask8 elsewhere = _mm512_cmpneq_epi64_mask(at, target);
      const __m512d difference = _mm512_sub_pd(load_eight(z + c * shape.stride), origin);
      sum = _mm512_mask_add_pd(sum, elsewhere, sum,
                               exp_by_table(difference, low_powers, high_powers));
      at = _mm512_add_epi64(at, one);
    }
    _mm512_storeu_pd(sums.data() + j, sum);
  }
}

#undef LOSSCALC_AVX512

#endif

template <class Number>
double sum_of(std::span<const Number> row, double origin, Vectors vectors) {
#if defined(__x86_64__)
  if (vectors == Vectors::of_eight) return sum_by_eight(row, origin);
#endif
  return sum_by_four(row, origin);
}

template <class Number>
void sums_of_others(BlockShape shape, std::span<const Number> block,
                    std::span<const std::uint32_t> targets, std::span<double> sums,
                    Vectors vectors) {
#if defined(__x86_64__)
  if (vectors == Vectors::of_eight) return block_by_eight(shape, block, targets, sums);
#endif
  block_by_four(shape, block, targets, sums);
}

}  // namespace

Vectors widest_vectors() {
#if defined(__x86_64__)
  static const bool has_avx512 = __builtin_cpu_supports("avx512f") != 0;
  if (has_avx512) return Vectors::of_eight;
#endif
  return Vectors::of_four;
}

double sum_of_exponentials(std::span<const double> row, double origin, Vectors vectors) {
  return sum_of(row, origin, vectors);
}

double sum_of_exponentials(std::span<const float> row, double origin, Vectors vectors) {
  return sum_of(row, origin, vectors);
}

void sums_of_other_exponentials(BlockShape shape, std::span<const double> block,
                                std::span<const std::uint32_t> targets, std::span<double> sums,
                                Vectors vectors) {
  sums_of_others(shape, block, targets, sums, vectors);
}

void sums_of_other_exponentials(BlockShape shape, std::span<const float> block,
                                std::span<const std::uint32_t> targets, std::span<double> sums,
                                Vectors vectors) {
  sums_of_others(shape, block, targets, sums, vectors);
}

}  // namespace losscalc::evaluation
