#include "definition/domains/overlap_ratio.h"
#include "definition/domains/region.h"

namespace losscalc {
namespace {

const Description about_jaccard{
    .name = "jaccard",
    .summary = "one minus the intersection over union of predicted and true maps",
    .formula = "l = 1 - (I + nr) / (P + T - I + dr), I = sum p t, P = sum p, T = sum t",
    .formula_tex =
        R"(\ell = 1 - \frac{\sum p t + \epsilon_n}{\sum p + \sum t - \sum p t + \epsilon_d})",
    .gradient = "dl/dp = (J (1 - t) - t) / (P + T - I + dr), J = 1 - l",
    .gradient_tex =
        R"(\partial\ell/\partial p = \frac{J(1 - t) - t}{\sum p + \sum t - \sum p t + \epsilon_d})",
    .aliases = {"jaccard-loss", "soft-iou"},
    .task = Task::segmentation,
    .properties = {.range = interval::unit, .zero_at_target = true, .symmetric = true},
    .smoothness =
        "smooth; where the denominator is 0 (empty maps without smoothing), loss and slope are 0",
    .outliers =
        "bounded; penalizes bad maps more than dice; smooth_nr > smooth_dr can make the loss "
        "negative",
    .imbalance = "designed for it: background that is in neither map doesn't count",
    .use = "segmentation that is evaluated by intersection over union",
    .source = "Rahman & Wang, Optimizing intersection-over-union, 2016; Jaccard 1912",
    .elsewhere =
        "smp JaccardLoss (over the batch); MONAI DiceLoss(jaccard=True) halves both "
        "smoothing terms",
};

struct Jaccard {
  double smooth_nr = 1e-5;
  double smooth_dr = 1e-5;

  template <class Scalar>
  Scalar value(const Overlap<Scalar>& sums) const {
    return ratio().value(sums);
  }
  Overlap<double> gradient(const Overlap<double>& sums) const { return ratio().gradient(sums); }

 private:
  OverlapRatio ratio() const {
    return {.intersection = -1.0, .smooth_numerator = smooth_nr, .smooth_denominator = smooth_dr};
  }
};

}  // namespace

extern const Loss jaccard = region<Jaccard>(
    about_jaccard,
    {{"smooth_nr", &Jaccard::smooth_nr, interval::non_negative, "added to the numerator"},
     {"smooth_dr", &Jaccard::smooth_dr, interval::non_negative, "added to the denominator"}});

}  // namespace losscalc
