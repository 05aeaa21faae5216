/// Dual numbers: a value together with its derivative along one direction (forward-mode automatic
/// differentiation).
///
/// Arithmetic follows (a + a'e)(b + b'e) with e^2 = 0; see Griewank & Walther, Evaluating
/// Derivatives, 2nd ed., 2008.
#pragma once

#include <cmath>

namespace losscalc::formula {

struct Dual {
  double value = 0.0;
  double derivative = 0.0;

  constexpr Dual() = default;
  constexpr Dual(double constant)
      : value(constant) {}  // NOLINT(google-explicit-constructor): constants mix in freely
  constexpr Dual(double v, double d) : value(v), derivative(d) {}

  constexpr Dual operator-() const { return {-value, -derivative}; }
  friend constexpr Dual operator+(Dual a, Dual b) {
    return {a.value + b.value, a.derivative + b.derivative};
  }
  friend constexpr Dual operator-(Dual a, Dual b) {
    return {a.value - b.value, a.derivative - b.derivative};
  }
  friend constexpr Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, a.derivative * b.value + a.value * b.derivative};
  }
  // A constant has no direction, and its 0 must not meet an infinite value.
  friend constexpr Dual operator*(double a, Dual b) { return {a * b.value, a * b.derivative}; }
  friend constexpr Dual operator*(Dual a, double b) { return {a.value * b, a.derivative * b}; }
  friend constexpr Dual operator/(Dual a, double b) { return {a.value / b, a.derivative / b}; }
  friend constexpr Dual operator/(Dual a, Dual b) {
    const double quotient = a.value / b.value;
    return {quotient, (a.derivative - quotient * b.derivative) / b.value};
  }
  constexpr Dual& operator+=(Dual b) { return *this = *this + b; }
  constexpr Dual& operator-=(Dual b) { return *this = *this - b; }
  constexpr Dual& operator*=(Dual b) { return *this = *this * b; }
  constexpr Dual& operator/=(Dual b) { return *this = *this / b; }
};

inline double derivative_of(const Dual& x) { return x.derivative; }

}  // namespace losscalc::formula
