#include "differentiation/hessian.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "differentiation/check.h"
#include "numeric/limits.h"
#include "numeric/splitmix64.h"

namespace losscalc::differentiation {
namespace {

constexpr double relative_tolerance = 1e-6;

using Direction = std::vector<double>;

/// A sum and what its rounding may come to.
struct Sum {
  double value = 0.0;
  double rounding = 0.0;
};

Sum product(const Direction& u, const std::vector<double>& gradient) {
  Sum sum;
  for (std::size_t i = 0; i < u.size(); ++i) {
    sum.value += u[i] * gradient[i];
    sum.rounding += 4.0 * epsilon * std::fabs(u[i] * gradient[i]);
  }
  return sum;
}

Direction times(const Direction& v, double t) {
  Direction moves(v.size());
  for (std::size_t i = 0; i < v.size(); ++i) moves[i] = t * v[i];
  return moves;
}

/// The limit of D(h) = D + O(h^2) from h and 2h.
Estimate extrapolated(double near, double far, double rounding) {
  return {(4.0 * near - far) / 3.0, std::fabs(near - far) + 2.0 * rounding};
}

/// u.(Jv) and v.(Jv).
struct Slopes {
  Estimate across;
  Estimate along;
};

Slopes slopes(const Differentiated& f, const Direction& u, const Direction& v) {
  constexpr double step = 0x1p-13;
  std::array<double, 2> across{};
  std::array<double, 2> along{};
  double rounding = 0.0;
  for (std::size_t k = 0; k < 2; ++k) {
    const double t = std::ldexp(step, static_cast<int>(k));
    const std::vector<double> ahead = f.gradient(times(v, t));
    const std::vector<double> behind = f.gradient(times(v, -t));
    std::vector<double> change(ahead.size());
    for (std::size_t i = 0; i < change.size(); ++i) change[i] = (ahead[i] - behind[i]) / (2.0 * t);
    across[k] = product(u, change).value;
    along[k] = product(v, change).value;
    rounding = std::max(rounding, (product(u, ahead).rounding + product(v, ahead).rounding) / t);
  }
  return {extrapolated(across[0], across[1], rounding), extrapolated(along[0], along[1], rounding)};
}

Estimate second_difference(const Differentiated& f, const Direction& v, double at_point) {
  constexpr double step = 0x1p-9;
  std::array<double, 2> bend{};
  double largest = std::fabs(at_point);
  for (std::size_t k = 0; k < 2; ++k) {
    const double t = std::ldexp(step, static_cast<int>(k));
    const double ahead = f.value(times(v, t));
    const double behind = f.value(times(v, -t));
    largest = std::max({largest, std::fabs(ahead), std::fabs(behind)});
    bend[k] = ((ahead - at_point) - (at_point - behind)) / (t * t);
  }
  return extrapolated(bend[0], bend[1], 4.0 * epsilon * largest / (step * step));
}

Comparison compared(const Estimate& one, const Estimate& other) {
  const double size = std::max(std::fabs(one.value), std::fabs(other.value));
  const double allowed = one.error + other.error + relative_tolerance * size;
  const double deviation = std::fabs(one.value - other.value);
  double excess = deviation == 0.0 ? 0.0 : deviation / allowed;
  if (std::isnan(deviation)) excess = infinity;
  return {one, other, excess};
}

bool is_vague(const Comparison& comparison) {
  const double size = std::max(std::fabs(comparison.one.value), std::fabs(comparison.other.value));
  return comparison.one.error + comparison.other.error > 0.1 * size && size > 0.0;
}

void record(const Comparison& comparison, std::size_t& failures, std::size_t& inconclusive,
            Comparison& worst) {
  if (!(comparison.excess <= 1.0)) {
    ++failures;
  } else if (is_vague(comparison)) {
    ++inconclusive;
  }
  if (!(comparison.excess <= worst.excess)) worst = comparison;
}

}  // namespace

HessianResult check_hessian(const Differentiated& f, std::span<const double> scales,
                            std::size_t pairs, std::uint64_t seed) {
  HessianResult result{.pairs = pairs};
  const Direction none(scales.size(), 0.0);
  const double at_point = f.value(none);
  const auto direction = [&](std::uint64_t stream) {
    Direction signs(scales.size());
    for (std::size_t i = 0; i < signs.size(); ++i)
      signs[i] = (splitmix64(seed + stream, i) & 1U) != 0 ? -scales[i] : scales[i];
    return signs;
  };
  for (std::uint64_t k = 0; k < pairs; ++k) {
    const Direction u = direction(2 * k);
    const Direction v = direction(2 * k + 1);
    const Slopes by_v = slopes(f, u, v);
    const Slopes by_u = slopes(f, v, u);
    record(compared(by_v.across, by_u.across), result.asymmetric, result.inconclusive,
           result.worst_symmetry);
    record(compared(by_v.along, second_difference(f, v, at_point)), result.wrong_slope,
           result.inconclusive, result.worst_slope);
  }
  return result;
}

}  // namespace losscalc::differentiation
