/// The cosine of two vectors, with the guards that libraries give it.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "formula/functions.h"
#include "formula/norm.h"

namespace losscalc {

/// x.y / (X Y) with X^2 = max(|x|^2, norm_floor) + norm_eps, and Y so of y. Where X or Y is 0 it is
/// 0, and its slopes are.
struct Cosine {
  double norm_floor = 0.0;
  double norm_eps = 0.0;

  template <class Scalar>
  Scalar similarity(std::span<const Scalar> x, std::span<const Scalar> y) const {
    if (has_zero(x, y)) return 0.0;
    const Scalar x_length = length(x);
    const Scalar y_length = length(y);
    Scalar sum = 0.0;
    for (std::size_t d = 0; d < x.size(); ++d) sum += (x[d] / x_length) * (y[d] / y_length);
    return sum;
  }

  /// 1 - the similarity. That cancels for vectors of nearly one direction; half the squared chord
  /// of the unit vectors is the same and does not. Guards shorten these by what is added to it.
  template <class Scalar>
  Scalar distance(std::span<const Scalar> x, std::span<const Scalar> y) const {
    if (has_zero(x, y)) return 1.0;
    const Chord<Scalar> chord = chord_of(x, y);
    Scalar sum = shortening(x, chord.x_length) + shortening(y, chord.y_length);
    for (std::size_t d = 0; d < x.size(); ++d) sum += formula::square(chord.at(x[d], y[d]));
    return 0.5 * sum;
  }

  /// Adds factor * d distance / dx to `by_x`, and the same for y. With u = x / X, v = y / Y and the
  /// distance c: (u - v - c u) / X, but -v / X where the floor holds X.
  void add_distance_gradient(std::span<const double> x, std::span<const double> y, double factor,
                             std::span<double> by_x, std::span<double> by_y) const {
    if (has_zero(x, y)) return;
    const Chord<double> chord = chord_of(x, y);
    const double c = distance(x, y);
    const bool x_held = is_held(x);
    const bool y_held = is_held(y);
    for (std::size_t d = 0; d < x.size(); ++d) {
      const double u = x[d] / chord.x_length;
      const double v = y[d] / chord.y_length;
      const double difference = chord.at(x[d], y[d]);
      by_x[d] += factor * (x_held ? -v : difference - c * u) / chord.x_length;
      by_y[d] += factor * (y_held ? -u : -difference - c * v) / chord.y_length;
    }
  }

 private:
  /// The difference of the vectors divided by their lengths X and Y.
  template <class Scalar>
  struct Chord {
    Scalar x_length;
    Scalar y_length;
    Scalar excess;  ///< Y / X - 1

    /// x / X - y / Y. Of vectors of like lengths, which may be nearly one, the difference is taken
    /// first, so that nothing cancels.
    Scalar at(const Scalar& x, const Scalar& y) const {
      if (are_like()) return (x - y) / x_length + (y / y_length) * excess;
      return x / x_length - y / y_length;
    }
    bool are_like() const {
      return formula::less(x_length, Scalar(2.0 * y_length)) &&
             formula::less(y_length, Scalar(2.0 * x_length));
    }
  };

  template <class Scalar>
  Chord<Scalar> chord_of(std::span<const Scalar> x, std::span<const Scalar> y) const {
    const Scalar x_length = length(x);
    const Scalar y_length = length(y);
    Scalar excess = 0.0;
    if (is_held(x) != is_held(y)) {
      excess = y_length / x_length - 1.0;
    } else if (!is_held(x)) {
      // (Y^2 - X^2) / (X (X + Y)), in which norm_eps is gone.
      for (std::size_t d = 0; d < x.size(); ++d)
        excess += ((y[d] - x[d]) / x_length) * ((y[d] + x[d]) / (x_length + y_length));
    }
    return {x_length, y_length, excess};
  }

  template <class Scalar>
  bool has_zero(std::span<const Scalar> x, std::span<const Scalar> y) const {
    return formula::value_of(length(x)) == 0.0 || formula::value_of(length(y)) == 0.0;
  }
  bool is_guarded() const { return norm_floor > 0.0 || norm_eps > 0.0; }
  template <class Scalar>
  bool is_held(std::span<const Scalar> x) const {
    if (norm_floor == 0.0) return false;
    const double norm = formula::value_of(formula::norm(x));
    return norm * norm < norm_floor;
  }

  template <class Scalar>
  Scalar length(std::span<const Scalar> x) const {
    const Scalar norm = formula::norm(x);
    if (!is_guarded()) return norm;
    return formula::sqrt(
        Scalar(formula::max(formula::square(norm), Scalar(norm_floor)) + norm_eps));
  }

  /// 1 - |x / X|^2.
  template <class Scalar>
  Scalar shortening(std::span<const Scalar> x, const Scalar& guarded_length) const {
    if (!is_guarded()) return 0.0;
    const Scalar below =
        formula::positive_part(Scalar(norm_floor - formula::square(formula::norm(x))));
    return Scalar(below + norm_eps) / formula::square(guarded_length);
  }
};

}  // namespace losscalc
