/// Four doubles at a time, for the loops in which nearly all of a large job's time goes.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace losscalc::formula {

/// A vector type of g++ and clang: arithmetic and comparisons act on each of the four.
using Lanes = double __attribute__((vector_size(32)));
using LaneBits = std::uint64_t __attribute__((vector_size(32)));
inline constexpr std::size_t lane_count = 4;

inline Lanes lanes_of(double x) { return Lanes{x, x, x, x}; }

inline Lanes load_lanes(const double* values) {
  Lanes lanes;
  std::memcpy(&lanes, values, sizeof lanes);
  return lanes;
}

inline void store_lanes(Lanes lanes, double* values) { std::memcpy(values, &lanes, sizeof lanes); }

/// a b + c, rounded once where the processor has such an instruction.
[[gnu::always_inline]] inline Lanes multiply_add(Lanes a, Lanes b, Lanes c) {
#ifdef FP_FAST_FMA
  Lanes result = c;
  for (std::size_t k = 0; k < lane_count; ++k) result[k] = std::fma(a[k], b[k], c[k]);
  return result;
#else
  return a * b + c;
#endif
}

inline double sum_of_lanes(Lanes x) { return (x[0] + x[2]) + (x[1] + x[3]); }

/// exp(x) to within 3 units of the last place for x <= 709, and to within |x| / 30 units below -30;
/// below -708, where the result would be no normal number, exp(-708) = 3e-308. NaN stays NaN,
/// larger x give nonsense.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2, and exp(r) by the polynomial of degree 11 that interpolates
/// at Chebyshev's points: 1.6e-17 off at most. Eigen's exp, which divides polynomials, takes twice
/// the time.
[[gnu::always_inline]] inline Lanes exp_lanes(Lanes x) {
  const Lanes lowest = lanes_of(-708.0);
  const Lanes y = x < lowest ? lowest : x;
  // Adding 1.5 * 2^52 rounds to an integer, which then stands in the lowest bits.
  const Lanes shift = lanes_of(0x1.8p52);
  const Lanes shifted = multiply_add(y, lanes_of(0x1.71547652b82fep+0), shift);
  const Lanes n = shifted - shift;
  Lanes r = multiply_add(n, lanes_of(-0x1.62e42fee00000p-1), y);
  r = multiply_add(n, lanes_of(-0x1.a39ef35793c76p-33), r);
  // Horner's rule in r^2 for even and odd powers, which a processor works on side by side.
  const Lanes r2 = r * r;
  Lanes even = multiply_add(r2, lanes_of(0x1.289185613a3d6p-22), lanes_of(0x1.a019b90d2ae7ap-16));
  Lanes odd = multiply_add(r2, lanes_of(0x1.af38a9b0ec855p-26), lanes_of(0x1.71de0dae63bb3p-19));
  even = multiply_add(r2, even, lanes_of(0x1.6c16c1788bd90p-10));
  odd = multiply_add(r2, odd, lanes_of(0x1.a01a01a7c41d5p-13));
  even = multiply_add(r2, even, lanes_of(0x1.5555555553d63p-5));
  odd = multiply_add(r2, odd, lanes_of(0x1.11111111109b3p-7));
  even = multiply_add(r2, even, lanes_of(0.5));
  odd = multiply_add(r2, odd, lanes_of(0x1.5555555555556p-3));
  const Lanes p = multiply_add(r2, multiply_add(r, odd, even), r) + 1.0;
  // n stands in the lowest bits of `shifted`: shifted into the exponent, it makes 2^n.
  LaneBits power;
  std::memcpy(&power, &shifted, sizeof power);
  power = (power << 52U) + 0x3ff0000000000000U;
  Lanes scale;
  std::memcpy(&scale, &power, sizeof scale);
  return p * scale;
}

/// log(u) + c for normal u > 0 and a c that is small beside u; to within one unit of the last
/// place.
///
/// Sun's fdlibm (s_log1p.c): u = 2^k (1 + f), s = f / (2 + f), and log(1 + f) = f - f^2 / 2 +
/// s (f^2 / 2 + R(s^2)).
[[gnu::always_inline]] inline Lanes log_lanes(Lanes u, Lanes c) {
  LaneBits bits;
  std::memcpy(&bits, &u, sizeof bits);
  // 1024 is added to k so that its bits are those of a positive number.
  constexpr std::uint64_t root_of_half = 0x3fe6a09e667f3bcd;
  constexpr std::uint64_t bias = std::uint64_t{1024} << 52U;
  constexpr std::uint64_t bits_of_two_to_52 = 0x4330000000000000;
  const LaneBits exponent = (bits + (bias - root_of_half)) >> 52U;
  const LaneBits significand = bits - (exponent << 52U) + bias;
  const LaneBits shifted = exponent + bits_of_two_to_52;
  Lanes k;
  Lanes m;
  std::memcpy(&k, &shifted, sizeof k);
  std::memcpy(&m, &significand, sizeof m);
  k = k - lanes_of(0x1p52 + 1024.0);
  const Lanes f = m - 1.0;
  const Lanes half_square = 0.5 * f * f;
  const Lanes s = f / (2.0 + f);
  const Lanes z = s * s;
  Lanes r = lanes_of(1.479819860511658591e-01);
  r = multiply_add(r, z, lanes_of(1.531383769920937332e-01));
  r = multiply_add(r, z, lanes_of(1.818357216161805012e-01));
  r = multiply_add(r, z, lanes_of(2.222219843214978396e-01));
  r = multiply_add(r, z, lanes_of(2.857142874366239149e-01));
  r = multiply_add(r, z, lanes_of(3.999999999940941908e-01));
  r = multiply_add(r, z, lanes_of(6.666666666666735130e-01));
  r = r * z;
  const Lanes rest = multiply_add(k, lanes_of(1.90821492927058770002e-10), c);
  return k * 6.93147180369123816490e-01 - ((half_square - (s * (half_square + r) + rest)) - f);
}

/// log(1 + x) for x > -1: within one unit of the last place below 1/2, and within two from there
/// on, where it is log(u) of the rounded u = 1 + x. NaN stays NaN.
[[gnu::always_inline]] inline Lanes log1p_lanes(Lanes x) {
  const Lanes u = 1.0 + x;
  const Lanes lost = (x - (u - 1.0)) / u;
  return log_lanes(u, x >= lanes_of(0.5) ? lanes_of(0.0) : lost);
}

}  // namespace losscalc::formula
