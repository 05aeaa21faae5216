/// The derivative of a function of one number from its values alone, with a bound on its own error.
///
/// A quotient of differences errs by truncation, which grows with the step, and by the rounding
/// noise of the values, which grows as the step shrinks. Here the noise is measured, and steps are
/// chosen by it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace losscalc::differentiation {

/// A function of a coordinate x.
using Function = std::function<double(double x)>;

/// Where to differentiate: a point inside an open interval on which the function is defined.
struct Point {
  double x = 0.0;
  double lower = 0.0;
  double upper = 0.0;

  /// The length over which the function may change: 1 or |x|, but no farther than the nearer edge.
  double scale() const;
  /// How far the point may be moved either way.
  double room() const;
};

/// A derivative and a bound on its error; the error is infinite where nothing can be said.
struct Estimate {
  double value = 0.0;
  double error = 0.0;
};

/// The derivative at a point, from both sides together and from each alone.
struct Derivative {
  Estimate both = {};
  Estimate left = {};
  Estimate right = {};
  /// Whether the slopes of the two sides differ by more than their errors explain.
  bool kink = false;
  /// How near to the point a kink may lie that the steps could not tell from one at the point.
  double kink_within = 0.0;
};

// `noise`, here and below, is how far two values of the same point are known to differ.

/// Richardson's extrapolation of two central differences: four values. `suspects_kink` is set where
/// they hint at a kink at the point.
struct Quick {
  Estimate estimate = {};
  bool suspects_kink = false;
};
Quick quick_difference(const Function& f, const Point& point, double at_point, double noise = 0.0);

/// Halved steps over the whole useful range, the noise measured among the smallest, and
/// extrapolations of three orders; of each, the largest step whose interval still meets those of
/// all smaller ones (Lepski's balancing rule). Kinks, edges and steps that are too large end the
/// walk; no scale needs to be known.
Derivative adaptive_difference(const Function& f, const Point& point, double noise = 0.0);

/// The textbook's quotients, for comparison. A step of 0 takes the usual one of the scheme.
enum class Scheme : std::uint8_t { forward, central, ridders };
/// forward: (f(x+h) - f(x)) / h, h = 2^-26 scale; central: (f(x+h) - f(x-h)) / 2h, h = 2^-17 scale;
/// errors by comparison with the doubled step, and the noise. ridders: C. J. F. Ridders, Accurate
/// computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4, 1982, with a floor for
/// noise.
Estimate scheme_difference(Scheme scheme, const Function& f, const Point& point, double step);

/// An estimate with the step that gave it, for looking at error against step size.
struct SweepRow {
  double step = 0.0;
  double central = 0.0;
  double forward = 0.0;
  double backward = 0.0;
};
/// Rows for steps from scale/2 down to the smallest that changes x, each a quarter of the last.
std::vector<SweepRow> sweep(const Function& f, const Point& point);

}  // namespace losscalc::differentiation
