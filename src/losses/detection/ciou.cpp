#include <numbers>

#include "definition/domains/box.h"
#include "definition/domains/box_geometry.h"

namespace losscalc {
namespace {

const Description about_ciou{
    .name = "ciou",
    .summary = "complete IoU loss: diou plus a penalty for unequal aspect ratios",
    .formula =
        "l = diou + a v, v = 4/pi^2 (atan(wp/hp) - atan(wt/ht))^2, a = v / (1 - IoU + v + eps)",
    .formula_tex =
        R"(\ell = 1 - \mathrm{IoU} + \frac{\rho^2}{d^2} + \frac{v^2}{1 - \mathrm{IoU} + v})",
    .gradient =
        "dl = d diou + d(v^2 / (1 - IoU + v + eps)): the exact derivative, in which a is not held "
        "constant",
    .gradient_tex = R"(d\ell = d\,\mathrm{DIoU} + d\frac{v^2}{1 - \mathrm{IoU} + v})",
    .aliases = {"ciou-loss", "complete-iou"},
    .task = Task::detection,
    .properties = {.range = {0.0, 3.0}, .zero_at_target = true, .symmetric = true},
    .smoothness =
        "kinks where edges of the two boxes align; a box without height has an infinite w/h",
    .outliers = "bounded by 3; distant boxes are pulled together through their centres",
    .imbalance = "independent of the size of the boxes",
    .use =
        "box regression where the shape matters; other libraries hold a constant, which changes "
        "only the gradient",
    .source = "Zheng et al., Distance-IoU loss, 2020",
    .elsewhere =
        "torchvision complete_box_iou_loss (eps 1e-7), ultralytics; mmdet 3 drops a v where IoU <= "
        "0.5",
};

constexpr double four_by_pi_squared = 4.0 / (std::numbers::pi * std::numbers::pi);

struct CompleteIou {
  double eps = 0.0;

  /// alpha v = v^2 / (1 - IoU + v + eps).
  template <class Scalar>
  Scalar value(const Box<Scalar>& prediction, const Box<double>& target) const {
    const BoxPair<Scalar> pair(prediction, target);
    const Scalar overlap = pair.iou(eps);
    const Scalar v = aspect(prediction, target);
    const Scalar shape = ratio_or_zero(formula::square(v), Scalar(1.0 - overlap + v + eps));
    return 1.0 - overlap +
           ratio_or_zero(pair.centre_distance, Scalar(pair.enclosing_diagonal + eps)) + shape;
  }

  Box<double> gradient(const Box<double>& prediction, const Box<double>& target) const {
    const BoxPair<double> pair(prediction, target);
    const BoxPairGradient slope(prediction, target);
    const Box<double> by_iou = ratio_gradient(pair.intersection, slope.intersection,
                                              pair.union_area + eps, slope.union_area);
    const Box<double> by_distance =
        ratio_gradient(pair.centre_distance, slope.centre_distance, pair.enclosing_diagonal + eps,
                       slope.enclosing_diagonal);
    const double v = aspect(prediction, target);
    const Box<double> by_v = aspect_gradient(prediction, target);
    const Box<double> by_shape =
        ratio_gradient(v * v, add_scaled({}, 2.0 * v, by_v), 1.0 - pair.iou(eps) + v + eps,
                       add_scaled(by_v, -1.0, by_iou));
    return add_scaled(add_scaled(by_distance, -1.0, by_iou), 1.0, by_shape);
  }

 private:
  /// v = 4/pi^2 (atan(w_p/h_p) - atan(w_t/h_t))^2.
  template <class Scalar>
  static Scalar aspect(const Box<Scalar>& p, const Box<double>& t) {
    return four_by_pi_squared * formula::square(angle_difference(p, t));
  }
  /// atan2 is atan(w/h) with its limits: a right angle for a flat box, 0 for a single point.
  template <class Scalar>
  static Scalar angle_difference(const Box<Scalar>& p, const Box<double>& t) {
    return formula::atan2(Scalar(p.x2 - p.x1), Scalar(p.y2 - p.y1)) -
           formula::atan2(t.x2 - t.x1, t.y2 - t.y1);
  }
  static Box<double> aspect_gradient(const Box<double>& p, const Box<double>& t) {
    const double w = p.x2 - p.x1;
    const double h = p.y2 - p.y1;
    const double squared_radius = w * w + h * h;
    if (squared_radius == 0.0) return {};
    const double factor = 2.0 * four_by_pi_squared * angle_difference(p, t) / squared_radius;
    return {-factor * h, factor * w, factor * h, -factor * w};
  }
};

}  // namespace

extern const Loss ciou =
    box<CompleteIou>(about_ciou, {{"eps", &CompleteIou::eps, interval::non_negative,
                                   "added to the denominators; with 0, 0/0 counts as 0"}});

}  // namespace losscalc
