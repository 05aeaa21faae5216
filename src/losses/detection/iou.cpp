#include "definition/domains/box.h"
#include "definition/domains/box_geometry.h"

namespace losscalc {
namespace {

const Description about_iou{
    .name = "iou",
    .summary = "one minus the intersection over union (IoU) of two boxes",
    .formula = "l = 1 - I / (U + eps), I and U the areas of intersection and union",
    .formula_tex = R"(\ell = 1 - \frac{|A \cap B|}{|A \cup B|})",
    .gradient = "dl = (IoU dU - dI) / (U + eps)",
    .gradient_tex = R"(d\ell = \frac{\mathrm{IoU}\,dU - dI}{U})",
    .aliases = {"iou-loss", "box-iou"},
    .task = Task::detection,
    .properties = {.range = interval::unit, .zero_at_target = true, .symmetric = true},
    .smoothness = "kinks where edges of the two boxes align",
    .outliers = "boxes that don't overlap all have loss 1 and gradient 0",
    .imbalance = "independent of the size of the boxes",
    .use = "boxes that already overlap; giou, diou and ciou also pull distant boxes together",
    .source = "Yu et al., UnitBox, 2016 (as -log IoU)",
    .elsewhere = "mmdet IoULoss(mode='linear'); its default is -log",
};

struct IntersectionOverUnion {
  double eps = 0.0;

  template <class Scalar>
  Scalar value(const Box<Scalar>& prediction, const Box<double>& target) const {
    return 1.0 - BoxPair<Scalar>(prediction, target).iou(eps);
  }
  Box<double> gradient(const Box<double>& prediction, const Box<double>& target) const {
    const BoxPair<double> pair(prediction, target);
    const BoxPairGradient slope(prediction, target);
    return add_scaled({}, -1.0,
                      ratio_gradient(pair.intersection, slope.intersection, pair.union_area + eps,
                                     slope.union_area));
  }
};

}  // namespace

extern const Loss iou = box<IntersectionOverUnion>(
    about_iou, {{"eps", &IntersectionOverUnion::eps, interval::non_negative,
                 "added to the denominator; with 0, 0/0 counts as 0"}});

}  // namespace losscalc
