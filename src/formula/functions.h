/// The functions that a loss formula may use, for double, dual and (complex.h) complex numbers
/// alike.
///
/// Comparisons (less, max, min, abs) choose a branch by the value alone, as a hand-written
/// derivative does.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "formula/complex.h"
#include "formula/dual.h"

namespace losscalc::formula {

inline double value_of(double x) { return x; }
inline double value_of(const Dual& x) { return x.value; }

/// Lifts a function of one number to dual numbers from its value and its derivative there.
inline Dual chain(const Dual& x, double value, double slope) {
  // A zero direction stays zero where the slope is infinite or undefined.
  return {value, x.derivative == 0.0 ? 0.0 : slope * x.derivative};
}

template <class A, class B>
bool less(const A& a, const B& b) {
  return value_of(a) < value_of(b);
}

template <class Scalar>
Scalar max(const Scalar& a, const Scalar& b) {
  return less(a, b) ? b : a;
}

template <class Scalar>
Scalar min(const Scalar& a, const Scalar& b) {
  return less(b, a) ? b : a;
}

/// max(0, x).
template <class Scalar>
Scalar positive_part(const Scalar& x) {
  return less(Scalar(0.0), x) ? x : Scalar(0.0);
}

template <class Scalar>
Scalar square(const Scalar& x) {
  return x * x;
}

inline double abs(double x) { return std::fabs(x); }
inline Dual abs(const Dual& x) {
  return chain(x, std::fabs(x.value), x.value > 0.0 ? 1.0 : (x.value < 0.0 ? -1.0 : 0.0));
}

inline double exp(double x) { return std::exp(x); }
inline Dual exp(const Dual& x) {
  const double e = std::exp(x.value);
  return chain(x, e, e);
}

inline double expm1(double x) { return std::expm1(x); }
inline Dual expm1(const Dual& x) { return chain(x, std::expm1(x.value), std::exp(x.value)); }

inline double log(double x) { return std::log(x); }
inline Dual log(const Dual& x) { return chain(x, std::log(x.value), 1.0 / x.value); }

inline double log1p(double x) { return std::log1p(x); }
inline Dual log1p(const Dual& x) { return chain(x, std::log1p(x.value), 1.0 / (1.0 + x.value)); }

inline double sqrt(double x) { return std::sqrt(x); }
inline Dual sqrt(const Dual& x) {
  const double root = std::sqrt(x.value);
  return chain(x, root, 0.5 / root);
}

inline double tanh(double x) { return std::tanh(x); }
inline Dual tanh(const Dual& x) {
  const double t = std::tanh(x.value);
  const double sech = 1.0 / std::cosh(x.value);
  return chain(x, t, sech * sech);
}

inline double atan(double x) { return std::atan(x); }
inline Dual atan(const Dual& x) {
  return chain(x, std::atan(x.value), 1.0 / (1.0 + x.value * x.value));
}

/// The angle of the point (x, y), whose tangent is y / x; 0 at the origin.
inline double atan2(double y, double x) { return std::atan2(y, x); }
inline Dual atan2(const Dual& y, const Dual& x) {
  const double squared_radius = x.value * x.value + y.value * y.value;
  if (squared_radius == 0.0) return std::atan2(y.value, x.value);
  return {std::atan2(y.value, x.value),
          (x.value * y.derivative - y.value * x.derivative) / squared_radius};
}

/// x to a constant power. The exponents of most models are 1 and 2, and need no logarithm.
inline double pow(double x, double exponent) {
  if (exponent == 2.0) return x * x;
  if (exponent == 1.0) return x;
  return std::pow(x, exponent);
}
inline Dual pow(const Dual& x, double exponent) {
  return chain(x, pow(x.value, exponent),
               exponent == 0.0 ? 0.0 : exponent * pow(x.value, exponent - 1.0));
}

/// 1 / (1 + exp(-x)), without overflow.
inline double sigmoid(double x) {
  const double e = std::exp(-std::fabs(x));
  return (x >= 0.0 ? 1.0 : e) / (1.0 + e);
}

/// log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)): neither overflows nor loses the small tail.
inline double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
inline Dual softplus(const Dual& x) { return chain(x, softplus(x.value), sigmoid(x.value)); }

/// log cosh x = |x| + log1p(exp(-2|x|)) - log 2 for large |x|; near 0 that cancels, and
/// cosh x - 1 = 2 sinh^2(x/2) gives log1p(2 sinh^2(x/2)) instead.
inline double log_cosh(double x) {
  const double magnitude = std::fabs(x);
  if (magnitude < 1.0) {
    const double s = std::sinh(0.5 * magnitude);
    return std::log1p(2.0 * s * s);
  }
  return magnitude + std::log1p(std::exp(-2.0 * magnitude)) - std::numbers::ln2;
}
inline Dual log_cosh(const Dual& x) { return chain(x, log_cosh(x.value), std::tanh(x.value)); }

}  // namespace losscalc::formula
