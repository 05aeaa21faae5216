#include "definition/domains/box.h"
#include "definition/domains/box_geometry.h"

namespace losscalc {
namespace {

const Description about_giou{
    .name = "giou",
    .summary = "generalized IoU loss: 1 - IoU plus the empty share of the enclosing box",
    .formula =
        "l = 1 - I / (U + eps) + (C - U) / (C + eps), C the area of the smallest box around both",
    .formula_tex = R"(\ell = 1 - \mathrm{IoU} + \frac{C - U}{C})",
    .gradient = "dl = -d(I/U) + d((C - U)/C)",
    .gradient_tex = R"(d\ell = -d\frac{I}{U} - d\frac{U}{C})",
    .aliases = {"giou-loss", "generalized-iou"},
    .task = Task::detection,
    .properties = {.range = {0.0, 2.0}, .zero_at_target = true, .symmetric = true},
    .smoothness = "kinks where edges of the two boxes align",
    .outliers = "bounded by 2; distant boxes still have a gradient",
    .imbalance = "independent of the size of the boxes",
    .use = "box regression where boxes may not overlap yet",
    .source = "Rezatofighi et al., Generalized intersection over union, 2019",
    .elsewhere =
        "torchvision generalized_box_iou_loss (eps 1e-7), mmdet GIoULoss, MONAI "
        "BoxGIoULoss (float32)",
};

struct GeneralizedIou {
  double eps = 0.0;

  template <class Scalar>
  Scalar value(const Box<Scalar>& prediction, const Box<double>& target) const {
    const BoxPair<Scalar> pair(prediction, target);
    const Scalar empty = ratio_or_zero(Scalar(pair.enclosing_area - pair.union_area),
                                       Scalar(pair.enclosing_area + eps));
    return 1.0 - pair.iou(eps) + empty;
  }
  Box<double> gradient(const Box<double>& prediction, const Box<double>& target) const {
    const BoxPair<double> pair(prediction, target);
    const BoxPairGradient slope(prediction, target);
    const Box<double> by_iou = ratio_gradient(pair.intersection, slope.intersection,
                                              pair.union_area + eps, slope.union_area);
    const Box<double> by_empty =
        ratio_gradient(pair.enclosing_area - pair.union_area,
                       add_scaled(slope.enclosing_area, -1.0, slope.union_area),
                       pair.enclosing_area + eps, slope.enclosing_area);
    return add_scaled(by_empty, -1.0, by_iou);
  }
};

}  // namespace

extern const Loss giou =
    box<GeneralizedIou>(about_giou, {{"eps", &GeneralizedIou::eps, interval::non_negative,
                                      "added to the denominators; with 0, 0/0 counts as 0"}});

}  // namespace losscalc
