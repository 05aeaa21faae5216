/// Complex numbers for the complex step: of a function f that is analytic, f'(x) = Im f(x + ih) / h
/// without any difference that cancels.
///
/// Squire & Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review
/// 40, 1998. h is so small that its square vanishes beside every number; comparisons, maxima and
/// absolute values choose a branch by the real part, where the modulus would not be analytic.
#pragma once

#include <cmath>
#include <complex>
#include <numbers>

namespace losscalc::formula {

class Complex {
 public:
  Complex() = default;
  Complex(double constant)
      : z_(constant) {}  // NOLINT(google-explicit-constructor): constants mix in freely
  /// The number that moves in the imaginary direction `derivative` times as fast as h.
  Complex(double value, double derivative) : z_(value, derivative * step) {}
  explicit Complex(std::complex<double> z) : z_(z) {}

  const std::complex<double>& z() const { return z_; }
  double real() const { return z_.real(); }
  double imaginary() const { return z_.imag(); }
  double derivative() const { return z_.imag() / step; }

  Complex operator-() const { return Complex(-z_); }
  friend Complex operator+(const Complex& a, const Complex& b) { return Complex(a.z_ + b.z_); }
  friend Complex operator-(const Complex& a, const Complex& b) { return Complex(a.z_ - b.z_); }
  friend Complex operator*(const Complex& a, const Complex& b) { return Complex(a.z_ * b.z_); }
  friend Complex operator/(const Complex& a, const Complex& b) { return Complex(a.z_ / b.z_); }
  // A constant scales both parts; as a complex number, its 0 would meet an infinite part.
  friend Complex operator*(double a, const Complex& b) { return Complex(a * b.z_); }
  friend Complex operator*(const Complex& a, double b) { return Complex(a.z_ * b); }
  friend Complex operator/(const Complex& a, double b) { return Complex(a.z_ / b); }
  Complex& operator+=(const Complex& b) { return *this = *this + b; }
  Complex& operator-=(const Complex& b) { return *this = *this - b; }
  Complex& operator*=(const Complex& b) { return *this = *this * b; }
  Complex& operator/=(const Complex& b) { return *this = *this / b; }

 private:
  static constexpr double step = 0x1p-300;

  std::complex<double> z_;
};

inline double value_of(const Complex& x) { return x.real(); }
inline double derivative_of(const Complex& x) { return x.derivative(); }

inline Complex abs(const Complex& x) {
  if (x.real() == 0.0) return 0.0;
  return x.real() < 0.0 ? -x : x;
}
inline Complex exp(const Complex& x) { return Complex(std::exp(x.z())); }
inline Complex log(const Complex& x) { return Complex(std::log(x.z())); }
inline Complex sqrt(const Complex& x) { return Complex(std::sqrt(x.z())); }
inline Complex tanh(const Complex& x) { return Complex(std::tanh(x.z())); }
inline Complex atan(const Complex& x) { return Complex(std::atan(x.z())); }

// The standard library has no complex expm1 and log1p; to first order in h these are they.
inline Complex expm1(const Complex& x) {
  return Complex(std::complex(std::expm1(x.real()), std::exp(x.real()) * x.imaginary()));
}
inline Complex log1p(const Complex& x) {
  return Complex(std::complex(std::log1p(x.real()), x.imaginary() / (1.0 + x.real())));
}

/// The imaginary part of log(x + iy), taken with x and y as complex numbers.
inline Complex atan2(const Complex& y, const Complex& x) {
  const double squared_radius = x.real() * x.real() + y.real() * y.real();
  if (squared_radius == 0.0) return std::atan2(y.real(), x.real());
  const double turn = (x.real() * y.imaginary() - y.real() * x.imaginary()) / squared_radius;
  return Complex(std::complex(std::atan2(y.real(), x.real()), turn));
}

inline Complex pow(const Complex& x, double exponent) {
  if (exponent == 2.0) return x * x;
  if (exponent == 1.0) return x;
  if (exponent == 0.0) return 1.0;
  if (x.real() == 0.0) return std::pow(0.0, exponent);
  return Complex(std::pow(x.z(), exponent));
}

inline Complex softplus(const Complex& x) {
  const Complex magnitude = x.real() < 0.0 ? -x : x;
  return (x.real() > 0.0 ? x : Complex(0.0)) + log1p(exp(-magnitude));
}

inline Complex log_cosh(const Complex& x) {
  const Complex magnitude = x.real() < 0.0 ? -x : x;
  if (magnitude.real() < 1.0) {
    const Complex s(std::sinh(0.5 * magnitude.z()));
    return log1p(2.0 * s * s);
  }
  return magnitude + log1p(exp(-2.0 * magnitude)) - std::numbers::ln2;
}

}  // namespace losscalc::formula
