/// Distances of two vectors and their derivatives.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "formula/functions.h"

namespace losscalc {

enum class DistanceKind : std::uint8_t { l2, squared_l2, l1, cosine };

inline const std::vector<std::string_view>& distance_names() {
  static const std::vector<std::string_view> names{"l2", "squared-l2", "l1", "cosine"};
  return names;
}

/// `eps` is added to each signed difference of coordinates (l2, squared-l2, l1), as torch's
/// pairwise_distance does. The cosine distance is 1 - x.y / (|x| |y|), and 1 where one vector is
/// zero.
struct Distance {
  DistanceKind kind = DistanceKind::l2;
  double eps = 0.0;

  template <class Scalar>
  Scalar value(std::span<const Scalar> x, std::span<const Scalar> y) const {
    switch (kind) {
      case DistanceKind::l2: return formula::sqrt(squared(x, y));
      case DistanceKind::squared_l2: return squared(x, y);
      case DistanceKind::l1: return absolute(x, y);
      case DistanceKind::cosine: return cosine(x, y);
    }
    return 0.0;
  }

  /// Adds factor * d distance / dx to `by_x`, and the same for y. The slope of l2 at distance 0 is
  /// taken as 0.
  void add_gradient(std::span<const double> x, std::span<const double> y, double factor,
                    std::span<double> by_x, std::span<double> by_y) const {
    if (kind == DistanceKind::cosine) {
      add_cosine_gradient(x, y, factor, by_x, by_y);
      return;
    }
    const double length = kind == DistanceKind::l2 ? std::sqrt(squared(x, y)) : 1.0;
    for (std::size_t d = 0; d < x.size(); ++d) {
      const double r = x[d] - y[d] + eps;
      double slope = 0.0;
      if (kind == DistanceKind::l2 && length > 0.0) slope = r / length;
      if (kind == DistanceKind::squared_l2) slope = 2.0 * r;
      if (kind == DistanceKind::l1) slope = r > 0.0 ? 1.0 : (r < 0.0 ? -1.0 : 0.0);
      by_x[d] += factor * slope;
      by_y[d] -= factor * slope;
    }
  }

 private:
  template <class Scalar>
  Scalar squared(std::span<const Scalar> x, std::span<const Scalar> y) const {
    Scalar sum = 0.0;
    for (std::size_t d = 0; d < x.size(); ++d) sum += formula::square(Scalar(x[d] - y[d] + eps));
    return sum;
  }

  template <class Scalar>
  Scalar absolute(std::span<const Scalar> x, std::span<const Scalar> y) const {
    Scalar sum = 0.0;
    for (std::size_t d = 0; d < x.size(); ++d) sum += formula::abs(Scalar(x[d] - y[d] + eps));
    return sum;
  }

  template <class Scalar>
  static Scalar dot(std::span<const Scalar> x, std::span<const Scalar> y) {
    Scalar sum = 0.0;
    for (std::size_t d = 0; d < x.size(); ++d) sum += x[d] * y[d];
    return sum;
  }

  template <class Scalar>
  static Scalar cosine(std::span<const Scalar> x, std::span<const Scalar> y) {
    const Scalar lengths = formula::sqrt(dot(x, x)) * formula::sqrt(dot(y, y));
    if (formula::value_of(lengths) == 0.0) return 1.0;
    return 1.0 - dot(x, y) / lengths;
  }

  /// d(-x.y/(|x||y|))/dx = -(y/|y| - cos x/|x|) / |x|.
  static void add_cosine_gradient(std::span<const double> x, std::span<const double> y,
                                  double factor, std::span<double> by_x, std::span<double> by_y) {
    const double x_length = std::sqrt(dot(x, x));
    const double y_length = std::sqrt(dot(y, y));
    if (x_length == 0.0 || y_length == 0.0) return;
    const double similarity = dot(x, y) / (x_length * y_length);
    for (std::size_t d = 0; d < x.size(); ++d) {
      const double ex = x[d] / x_length;
      const double ey = y[d] / y_length;
      by_x[d] -= factor * (ey - similarity * ex) / x_length;
      by_y[d] -= factor * (ex - similarity * ey) / y_length;
    }
  }
};

}  // namespace losscalc
