/// Areas, centres and enclosing boxes of a predicted and a true box, with their derivatives by the
/// predicted corners.
#pragma once

#include <cmath>

#include "definition/kernel.h"
#include "formula/functions.h"

namespace losscalc {

/// A ratio that is 0 where its denominator is: the overlap of boxes without area.
template <class Scalar>
Scalar ratio_or_zero(const Scalar& numerator, const Scalar& denominator) {
  return formula::value_of(denominator) == 0.0 ? Scalar(0.0) : Scalar(numerator / denominator);
}

/// All the quantities that box losses are made of.
template <class Scalar>
struct BoxPair {
  Scalar intersection;
  Scalar union_area;
  Scalar enclosing_area;
  Scalar enclosing_diagonal;  ///< squared
  Scalar centre_distance;     ///< squared

  BoxPair(const Box<Scalar>& p, const Box<double>& t) {
    const Scalar width = formula::positive_part(
        Scalar(formula::min(p.x2, Scalar(t.x2)) - formula::max(p.x1, Scalar(t.x1))));
    const Scalar height = formula::positive_part(
        Scalar(formula::min(p.y2, Scalar(t.y2)) - formula::max(p.y1, Scalar(t.y1))));
    intersection = width * height;
    union_area = (p.x2 - p.x1) * (p.y2 - p.y1) + (t.x2 - t.x1) * (t.y2 - t.y1) - intersection;
    // Where edges meet, the prediction's counts as the inner one, here as above: what one side of
    // the kink says of the intersection, the same side must say of the enclosing box.
    const Scalar enclosing_width =
        formula::max(Scalar(t.x2), p.x2) - formula::min(Scalar(t.x1), p.x1);
    const Scalar enclosing_height =
        formula::max(Scalar(t.y2), p.y2) - formula::min(Scalar(t.y1), p.y1);
    enclosing_area = enclosing_width * enclosing_height;
    enclosing_diagonal = formula::square(enclosing_width) + formula::square(enclosing_height);
    centre_distance = 0.25 * (formula::square(Scalar((p.x1 - t.x1) + (p.x2 - t.x2))) +
                              formula::square(Scalar((p.y1 - t.y1) + (p.y2 - t.y2))));
  }

  Scalar iou(double eps) const { return ratio_or_zero(intersection, Scalar(union_area + eps)); }
};

/// a + factor * b, corner by corner.
inline Box<double> add_scaled(const Box<double>& a, double factor, const Box<double>& b) {
  return {a.x1 + factor * b.x1, a.y1 + factor * b.y1, a.x2 + factor * b.x2, a.y2 + factor * b.y2};
}

/// The derivatives of BoxPair's quantities by the corners of the prediction.
struct BoxPairGradient {
  Box<double> intersection;
  Box<double> union_area;
  Box<double> enclosing_area;
  Box<double> enclosing_diagonal;
  Box<double> centre_distance;

  BoxPairGradient(const Box<double>& p, const Box<double>& t) {
    const double width = std::fmin(p.x2, t.x2) - std::fmax(p.x1, t.x1);
    const double height = std::fmin(p.y2, t.y2) - std::fmax(p.y1, t.y1);
    if (width > 0.0 && height > 0.0) {
      intersection = {p.x1 < t.x1 ? 0.0 : -height, p.y1 < t.y1 ? 0.0 : -width,
                      t.x2 < p.x2 ? 0.0 : height, t.y2 < p.y2 ? 0.0 : width};
    }
    const double w = p.x2 - p.x1;
    const double h = p.y2 - p.y1;
    union_area = add_scaled({-h, -w, h, w}, -1.0, intersection);
    // The prediction's corner moves the enclosing box where it lies outside the true box.
    const Box<double> outside{p.x1 < t.x1 ? -1.0 : 0.0, p.y1 < t.y1 ? -1.0 : 0.0,
                              t.x2 < p.x2 ? 1.0 : 0.0, t.y2 < p.y2 ? 1.0 : 0.0};
    const double enclosing_width = std::fmax(p.x2, t.x2) - std::fmin(p.x1, t.x1);
    const double enclosing_height = std::fmax(p.y2, t.y2) - std::fmin(p.y1, t.y1);
    enclosing_area = {outside.x1 * enclosing_height, outside.y1 * enclosing_width,
                      outside.x2 * enclosing_height, outside.y2 * enclosing_width};
    enclosing_diagonal = {2.0 * outside.x1 * enclosing_width, 2.0 * outside.y1 * enclosing_height,
                          2.0 * outside.x2 * enclosing_width, 2.0 * outside.y2 * enclosing_height};
    const double dx = 0.5 * ((p.x1 - t.x1) + (p.x2 - t.x2));
    const double dy = 0.5 * ((p.y1 - t.y1) + (p.y2 - t.y2));
    centre_distance = {dx, dy, dx, dy};
  }
};

/// The derivative of numerator / (denominator + eps), 0 where that is 0/0.
inline Box<double> ratio_gradient(double numerator, const Box<double>& d_numerator,
                                  double denominator, const Box<double>& d_denominator) {
  if (denominator == 0.0) return {};
  const double ratio = numerator / denominator;
  const Box<double> slope = add_scaled(d_numerator, -ratio, d_denominator);
  return {slope.x1 / denominator, slope.y1 / denominator, slope.x2 / denominator,
          slope.y2 / denominator};
}

}  // namespace losscalc
