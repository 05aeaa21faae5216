#include "evaluation/links/exponential_sum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <limits>

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

/// The terms of the classes from c on, 0 in place of the target's.
template <class Number>
Lanes terms_from(std::size_t c, const Number* z, Lanes origin, formula::LaneBits target) {
  const Lanes term = exp_of_difference(load_lanes(z) - origin);
  const formula::LaneBits at = formula::LaneBits{0, 1, 2, 3} + c;
  return at == target ? lanes_of(0.0) : term;
}

template <class Number>
double row_by_four(std::span<const Number> row, std::size_t target) {
  const Lanes origin = lanes_of(static_cast<double>(row[target]));
  const formula::LaneBits left_out = formula::LaneBits{} + target;
  // NaN where the target's logit is infinite: infinity less itself is no number.
  Lanes even = 0.0 * origin;
  Lanes odd = lanes_of(0.0);
  std::size_t c = 0;
  for (; c + 2 * lane_count <= row.size(); c += 2 * lane_count) {
    even += terms_from(c, row.data() + c, origin, left_out);
    odd += terms_from(c + lane_count, row.data() + c + lane_count, origin, left_out);
  }
  for (; c < row.size(); c += lane_count) {
    std::array<Number, lane_count> last{};
    last.fill(-std::numeric_limits<Number>::infinity());
    std::copy_n(row.data() + c, std::min(lane_count, row.size() - c), last.begin());
    even += terms_from(c, last.data(), origin, left_out);
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
#define LOSSCALC_AVX512 gnu::target("avx512f,avx512dq,fma")

/// 2^(k/16).
constexpr std::array<double, 16> powers_of_two{
    0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0,
    0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0,
    0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0,
    0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0,
};

/// Their bits, from which k is taken away where the lowest bit of the exponent has 16.
constexpr std::array<std::uint64_t, 16> powers_less_index = [] {
  std::array<std::uint64_t, 16> bits{};
  for (std::size_t k = 0; k < bits.size(); ++k)
    bits[k] = std::bit_cast<std::uint64_t>(powers_of_two[k]) - (std::uint64_t{k} << 48U);
  return bits;
}();

[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d all(double x) { return _mm512_set1_pd(x); }

/// exp(x) for -708 <= x <= 690, and NaN for NaN.
///
/// x = n ln 2 / 16 + r with |r| <= ln 2 / 32; n = 16 m + k, and exp(x) = 2^m 2^(k/16) exp(r), the
/// middle from a table that two registers hold, the last by Taylor's polynomial of degree 6, whose
/// odd coefficients take in the next term: 6e-17 off at most.
class ExpByTable {
 public:
  [[LOSSCALC_AVX512]] ExpByTable()
      : low_powers_(_mm512_loadu_si512(powers_less_index.data())),
        high_powers_(_mm512_loadu_si512(powers_less_index.data() + 8)) {}

  [[LOSSCALC_AVX512, gnu::always_inline]] __m512d operator()(__m512d x) const {
    const __m512d shift = all(0x1.8p52);
    const __m512d shifted = _mm512_fmadd_pd(x, all(0x1.71547652b82fep+4), shift);
    const __m512d n = _mm512_sub_pd(shifted, shift);
    __m512d r = _mm512_fmadd_pd(n, all(-0x1.62e42fee00000p-5), x);
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
    // k stands in the lowest bits of `shifted`, m above it: 48 bits higher, m is at the exponent.
    const __m512i bits = _mm512_castpd_si512(shifted);
    const __m512i power = _mm512_permutex2var_epi64(low_powers_, bits, high_powers_);
    const __m512d scale = _mm512_castsi512_pd(_mm512_add_epi64(power, _mm512_slli_epi64(bits, 48)));
    return _mm512_fmadd_pd(scale, rest, scale);
  }

 private:
  __m512i low_powers_;
  __m512i high_powers_;
};

/// The same for any x, limited as the header says.
class LimitedExp {
 public:
  [[LOSSCALC_AVX512, gnu::always_inline]] __m512d operator()(__m512d x) const {
    // The second operand of min and max is the result where one is NaN.
    return exp_(_mm512_max_pd(all(-708.0), _mm512_min_pd(all(most), x)));
  }

 private:
  ExpByTable exp_;
};

[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d load_eight(const double* values) {
  return _mm512_loadu_pd(values);
}
[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d load_eight(const float* values) {
  return _mm512_cvtps_pd(_mm256_loadu_ps(values));
}

/// Those of the eight whose bits are set, and zeros; others are not touched.
[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d load_some(const double* values,
                                                                 unsigned which) {
  return _mm512_maskz_loadu_pd(static_cast<__mmask8>(which), values);
}
[[LOSSCALC_AVX512, gnu::always_inline]] inline __m512d load_some(const float* values,
                                                                 unsigned which) {
  const __m512 wide = _mm512_maskz_loadu_ps(static_cast<__mmask16>(which), values);
  return _mm512_cvtps_pd(_mm512_castps512_ps256(wide));
}

/// No bit if there is none of this number.
inline unsigned bit_of(std::size_t number) { return number < 16 ? 1U << number : 0U; }

/// Whether two logits can't differ by more than 690, where they are numbers.
[[LOSSCALC_AVX512, gnu::always_inline]] inline bool are_near(std::span<const float> row) {
  constexpr int larger_magnitude = 0b1011;  // positive
  __m512 largest = _mm512_setzero_ps();
  std::size_t c = 0;
  for (; c + 16 <= row.size(); c += 16)
    largest = _mm512_range_ps(largest, _mm512_loadu_ps(row.data() + c), larger_magnitude);
  const auto rest = static_cast<__mmask16>((1U << (row.size() - c)) - 1);
  const __m512 last = _mm512_maskz_loadu_ps(rest, row.data() + c);
  largest = _mm512_range_ps(largest, last, larger_magnitude);
  const __m512 limit = _mm512_set1_ps(static_cast<float>(most / 2.0));
  return _mm512_cmp_ps_mask(largest, limit, _CMP_NLE_UQ) == 0;
}
/// Of doubles, half as many are looked at in one instruction: asking takes the time that the limits
/// take.
[[LOSSCALC_AVX512, gnu::always_inline]] inline bool are_near(std::span<const double> /*row*/) {
  return false;
}

template <class Number, class Exponential>
[[LOSSCALC_AVX512, gnu::always_inline]] inline double row_by_eight(std::span<const Number> row,
                                                                   std::size_t target,
                                                                   const Exponential& exponential) {
  const auto target_logit = static_cast<double>(row[target]);
  const __m512d origin = all(target_logit);
  const Number* const z = row.data();
  __m512d even = _mm512_setzero_pd();
  __m512d odd = _mm512_setzero_pd();
  std::size_t c = 0;
  for (; c + 16 <= row.size(); c += 16) {
    const unsigned others = ~bit_of(target - c);
    const __m512d first = exponential(_mm512_sub_pd(load_eight(z + c), origin));
    const __m512d second = exponential(_mm512_sub_pd(load_eight(z + c + 8), origin));
    even = _mm512_mask_add_pd(even, static_cast<__mmask8>(others), even, first);
    odd = _mm512_mask_add_pd(odd, static_cast<__mmask8>(others >> 8U), odd, second);
  }
  for (; c < row.size(); c += 8) {
    const unsigned there = (1U << std::min(row.size() - c, std::size_t{8})) - 1;
    const unsigned others = there & ~bit_of(target - c);
    const __m512d last = exponential(_mm512_sub_pd(load_some(z + c, there), origin));
    even = _mm512_mask_add_pd(even, static_cast<__mmask8>(others), even, last);
  }
  std::array<double, 8> sums{};
  _mm512_storeu_pd(sums.data(), _mm512_add_pd(even, odd));
  // NaN where the target's logit is infinite: infinity less itself is no number.
  return 0.0 * target_logit +
         formula::sum_of_lanes(load_lanes(sums.data()) + load_lanes(sums.data() + lane_count));
}

template <class Number>
[[LOSSCALC_AVX512]] void rows_by_eight(std::size_t classes, std::span<const Number> rows,
                                       std::span<const std::uint32_t> targets,
                                       std::span<double> sums) {
  const ExpByTable exponential;
  const LimitedExp limited;
  for (std::size_t j = 0; j < targets.size(); ++j) {
    const std::span<const Number> row = rows.subspan(j * classes, classes);
    sums[j] = are_near(row) ? row_by_eight(row, targets[j], exponential)
                            : row_by_eight(row, targets[j], limited);
  }
}

template <class Number>
[[LOSSCALC_AVX512]] void block_by_eight(BlockShape shape, std::span<const Number> block,
                                        std::span<const std::uint32_t> targets,
                                        std::span<double> sums) {
  const LimitedExp exponential;
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
      sum = _mm512_mask_add_pd(sum, elsewhere, sum, exponential(difference));
      at = _mm512_add_epi64(at, one);
    }
    _mm512_storeu_pd(sums.data() + j, sum);
  }
}

#undef LOSSCALC_AVX512

#endif

template <class Number>
void sums_in_rows(std::size_t classes, std::span<const Number> rows,
                  std::span<const std::uint32_t> targets, std::span<double> sums, SimdWidth width) {
#if defined(__x86_64__)
  if (width == SimdWidth::avx512) return rows_by_eight(classes, rows, targets, sums);
#endif
  for (std::size_t j = 0; j < targets.size(); ++j)
    sums[j] = row_by_four(rows.subspan(j * classes, classes), targets[j]);
}

template <class Number>
void sums_of_others(BlockShape shape, std::span<const Number> block,
                    std::span<const std::uint32_t> targets, std::span<double> sums,
                    SimdWidth width) {
#if defined(__x86_64__)
  if (width == SimdWidth::avx512) return block_by_eight(shape, block, targets, sums);
#endif
  block_by_four(shape, block, targets, sums);
}

}  // namespace

SimdWidth widest_simd() {
#if defined(__x86_64__)
  static const bool has_avx512 =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0;
  if (has_avx512) return SimdWidth::avx512;
#endif
  return SimdWidth::avx2;
}

void sums_of_other_exponentials_in_rows(std::size_t classes, std::span<const double> rows,
                                        std::span<const std::uint32_t> targets,
                                        std::span<double> sums, SimdWidth width) {
  sums_in_rows(classes, rows, targets, sums, width);
}

void sums_of_other_exponentials_in_rows(std::size_t classes, std::span<const float> rows,
                                        std::span<const std::uint32_t> targets,
                                        std::span<double> sums, SimdWidth width) {
  sums_in_rows(classes, rows, targets, sums, width);
}

void sums_of_other_exponentials(BlockShape shape, std::span<const double> block,
                                std::span<const std::uint32_t> targets, std::span<double> sums,
                                SimdWidth width) {
  sums_of_others(shape, block, targets, sums, width);
}

void sums_of_other_exponentials(BlockShape shape, std::span<const float> block,
                                std::span<const std::uint32_t> targets, std::span<double> sums,
                                SimdWidth width) {
  sums_of_others(shape, block, targets, sums, width);
}

}  // namespace losscalc::evaluation
