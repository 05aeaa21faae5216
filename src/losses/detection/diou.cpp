#include "definition/domains/box.h"
#include "definition/domains/box_geometry.h"

namespace losscalc {
namespace {

const Description about_diou{
    .name = "diou",
    .summary = "distance IoU loss: 1 - IoU plus the relative squared centre distance",
    .formula =
        "l = 1 - I / (U + eps) + rho^2 / (d^2 + eps), rho the distance of the centres, d the "
        "diagonal of the box around both",
    .formula_tex = R"(\ell = 1 - \mathrm{IoU} + \frac{\rho^2}{d^2})",
    .gradient = "dl = -d(I/U) + d(rho^2/d^2)",
    .gradient_tex = R"(d\ell = -d\frac{I}{U} + d\frac{\rho^2}{d^2})",
    .aliases = {"diou-loss", "distance-iou"},
    .task = Task::detection,
    .properties = {.range = {0.0, 2.0}, .zero_at_target = true, .symmetric = true},
    .smoothness = "kinks where edges of the two boxes align",
    .outliers = "bounded by 2; distant boxes are pulled together through their centres",
    .imbalance = "independent of the size of the boxes",
    .use = "box regression that converges faster than with giou",
    .source = "Zheng et al., Distance-IoU loss, 2020",
    .elsewhere =
        "torchvision distance_box_iou_loss (eps 1e-7), mmdet DIoULoss; Darknet uses "
        "(rho^2/d^2)^0.6",
};

struct DistanceIou {
  double eps = 0.0;

  template <class Scalar>
  Scalar value(const Box<Scalar>& prediction, const Box<double>& target) const {
    const BoxPair<Scalar> pair(prediction, target);
    return 1.0 - pair.iou(eps) +
           ratio_or_zero(pair.centre_distance, Scalar(pair.enclosing_diagonal + eps));
  }
  Box<double> gradient(const Box<double>& prediction, const Box<double>& target) const {
    const BoxPair<double> pair(prediction, target);
    const BoxPairGradient slope(prediction, target);
    const Box<double> by_iou = ratio_gradient(pair.intersection, slope.intersection,
                                              pair.union_area + eps, slope.union_area);
    const Box<double> by_distance =
        ratio_gradient(pair.centre_distance, slope.centre_distance, pair.enclosing_diagonal + eps,
                       slope.enclosing_diagonal);
    return add_scaled(by_distance, -1.0, by_iou);
  }
};

}  // namespace

extern const Loss diou =
    box<DistanceIou>(about_diou, {{"eps", &DistanceIou::eps, interval::non_negative,
                                   "added to the denominators; with 0, 0/0 counts as 0"}});

}  // namespace losscalc
