/// Distances of two vectors and their derivatives.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "formula/cosine.h"
#include "formula/functions.h"
#include "formula/norm.h"
#include "text/names.h"

namespace losscalc {

enum class DistanceKind : std::uint8_t { l2, squared_l2, l1, cosine, lp, signed_lp };
/// Where the epsilon of l1, l2 and lp goes: to each difference of coordinates, or into the sum
/// under the root.
enum class EpsilonAt : std::uint8_t { difference, sum };

/// All that are distances.
inline std::vector<text::Named<DistanceKind>> distance_names() {
  return {{DistanceKind::l2, "l2"},
          {DistanceKind::squared_l2, "squared-l2", "squared distances"},
          {DistanceKind::l1, "l1"},
          {DistanceKind::cosine, "cosine"},
          {DistanceKind::lp, "lp"}};
}
inline std::vector<text::Named<DistanceKind>> distance_names_and_signed() {
  std::vector<text::Named<DistanceKind>> names = distance_names();
  names.push_back({DistanceKind::signed_lp, "signed-lp"});
  return names;
}

/// `eps` is added to each signed difference of coordinates, as torch's pairwise_distance does, or
/// to the sum of their powers, as optax does. lp is (sum_d |r_d|^p)^(1/p); signed-lp, of an odd p,
/// the same without the absolute values, which is no distance. The cosine distance is 1
/// - x.y / (|x| |y|), and 1 where one vector is zero.
struct Distance {
  DistanceKind kind = DistanceKind::l2;
  double eps = 0.0;
  double p = 2.0;
  EpsilonAt eps_at = EpsilonAt::difference;

  template <class Scalar>
  Scalar value(std::span<const Scalar> x, std::span<const Scalar> y) const {
    const double added = eps_at == EpsilonAt::difference ? eps : 0.0;
    const auto difference = [&](std::size_t d) { return Scalar(x[d] - y[d] + added); };
    Scalar sum = 0.0;
    if (kind == DistanceKind::signed_lp) {
      for (std::size_t d = 0; d < x.size(); ++d) sum += odd_power(difference(d));
      const Scalar inside = sum + (eps - added);
      return p == 1.0 ? inside : formula::pow(inside, 1.0 / p);
    }
    if (is_root()) {
      for (std::size_t d = 0; d < x.size(); ++d)
        sum += formula::pow(formula::abs(difference(d)), exponent());
      const Scalar inside = sum + (eps - added);
      if (!(formula::value_of(inside) > 0.0)) return 0.0;
      return formula::pow(inside, 1.0 / exponent());
    }
    switch (kind) {
      case DistanceKind::l2: return formula::norm<Scalar>(x.size(), difference);
      case DistanceKind::squared_l2:
        for (std::size_t d = 0; d < x.size(); ++d) sum += formula::square(difference(d));
        return sum;
      case DistanceKind::l1:
        for (std::size_t d = 0; d < x.size(); ++d) sum += formula::abs(difference(d));
        return sum;
      case DistanceKind::cosine: return Cosine{}.distance(x, y);
      case DistanceKind::lp:
      case DistanceKind::signed_lp: break;
    }
    return sum;
  }

  /// Adds factor * d distance / dx to `by_x`, and the same for y. The slope is taken as 0 where
  /// there is none: for l2 at distance 0, for l1 at coordinates without difference, for the cosine
  /// at a zero vector.
  void add_gradient(std::span<const double> x, std::span<const double> y, double factor,
                    std::span<double> by_x, std::span<double> by_y) const {
    if (kind == DistanceKind::cosine) {
      Cosine{}.add_distance_gradient(x, y, factor, by_x, by_y);
      return;
    }
    const bool is_signed = kind == DistanceKind::signed_lp;
    const bool has_length = kind == DistanceKind::l2 || is_signed || is_root();
    const double length = has_length ? value(x, y) : 1.0;
    for (std::size_t d = 0; d < x.size(); ++d) {
      const double r = x[d] - y[d] + (eps_at == EpsilonAt::difference ? eps : 0.0);
      double slope = 0.0;
      if (is_signed) {
        slope = p == 1.0 ? 1.0 : std::pow(std::fabs(r) / length, p - 1.0);
      } else if (is_root()) {
        if (length > 0.0 && r != 0.0)
          slope = std::copysign(std::pow(std::fabs(r) / length, exponent() - 1.0), r);
      } else if (kind == DistanceKind::l2 && length > 0.0) {
        slope = r / length;
      }
      if (kind == DistanceKind::squared_l2) slope = 2.0 * r;
      if (kind == DistanceKind::l1) slope = r > 0.0 ? 1.0 : (r < 0.0 ? -1.0 : 0.0);
      by_x[d] += factor * slope;
      by_y[d] -= factor * slope;
    }
  }

 private:
  /// Whether it is (sum_d |r_d|^p + eps)^(1/p) as it stands.
  bool is_root() const {
    const bool sums_eps = eps_at == EpsilonAt::sum && eps > 0.0;
    return kind == DistanceKind::lp ||
           (sums_eps && (kind == DistanceKind::l2 || kind == DistanceKind::l1));
  }
  template <class Scalar>
  Scalar odd_power(const Scalar& x) const {
    return p == 1.0 ? x : x * formula::pow(formula::abs(x), p - 1.0);
  }
  double exponent() const {
    if (kind == DistanceKind::lp) return p;
    return kind == DistanceKind::l1 ? 1.0 : 2.0;
  }
};

}  // namespace losscalc
