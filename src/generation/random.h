/// Random numbers that depend on a seed and a counter alone, not on the standard library's
/// distributions, whose results each implementation chooses.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include "numeric/splitmix64.h"

namespace losscalc::generation {

/// Uniform numbers have the same bits everywhere; the others as far as log1p, cos and pow of the C
/// library have.
///
/// SplitMix64 (Steele, Lea & Flood, Fast splittable pseudorandom number generators, 2014).
///
/// Two draws never stand in one expression: the order of its operands is the compiler's choice.
class Random {
 public:
  explicit Random(std::uint64_t seed) : start_(splitmix64(seed, 0)) {}

  /// In [0,1), all 53 bits of a double.
  double uniform() { return static_cast<double>(splitmix64(start_, counter_++) >> 11U) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  bool chance(double probability) { return uniform() < probability; }
  double sign() { return chance(0.5) ? 1.0 : -1.0; }

  std::size_t below(std::size_t count) {
    return std::min(static_cast<std::size_t>(uniform() * static_cast<double>(count)), count - 1);
  }

  /// Box & Muller, of which one half is thrown away so that every number takes two draws.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log1p(-uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

  /// 10^U(low, high).
  double power_of_ten(double low, double high) { return std::pow(10.0, uniform(low, high)); }
  double signed_power_of_ten(double low, double high) {
    const double size = power_of_ten(low, high);
    return sign() * size;
  }

  /// How far from a kink a unit is put: a quarter lie on it, the others at every order of magnitude
  /// down to the last digit.
  double kink_distance() { return chance(0.25) ? 0.0 : signed_power_of_ten(-16.0, -1.0); }

 private:
  std::uint64_t start_;
  std::uint64_t counter_ = 0;
};

}  // namespace losscalc::generation
