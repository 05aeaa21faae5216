#include "definition/domains/overlap_ratio.h"
#include "definition/domains/region.h"

namespace losscalc {
namespace {

const Description about_dice{
    .name = "dice",
    .summary = "one minus the Dice overlap of predicted and true maps",
    .formula = "l = 1 - (2 I + nr) / (P + T + dr), I = sum p t, P = sum p, T = sum t",
    .formula_tex = R"(\ell = 1 - \frac{2\sum p t + \epsilon_n}{\sum p + \sum t + \epsilon_d})",
    .gradient = "dl/dp = ((2 I + nr) / (P + T + dr) - 2 t) / (P + T + dr)",
    .gradient_tex =
        R"(\partial\ell/\partial p = \frac{D - 2t}{\sum p + \sum t + \epsilon_d},\ D = 1 - \ell)",
    .aliases = {"dice-loss", "f1-loss"},
    .task = Task::segmentation,
    .properties = {.range = interval::unit, .zero_at_target = true, .symmetric = true},
    .smoothness =
        "smooth; where the denominator is 0 (empty maps without smoothing), loss and slope are 0",
    .outliers =
        "bounded: a pixel counts by its share of the map; smooth_nr > smooth_dr can make the loss "
        "negative",
    .imbalance = "designed for it: background that is in neither map doesn't count",
    .use = "segmentation with small objects, often added to cross-entropy",
    .source = "Milletari, Navab & Ahmadi, V-Net, 2016; Dice 1945",
    .elsewhere =
        "MONAI DiceLoss (equal), smp DiceLoss (over the batch, absent classes 0), keras Dice (over "
        "everything), DETR (smoothing 1)",
};

struct Dice {
  double smooth_nr = 1e-5;
  double smooth_dr = 1e-5;

  template <class Scalar>
  Scalar value(const Overlap<Scalar>& sums) const {
    return ratio().value(sums);
  }
  Overlap<double> gradient(const Overlap<double>& sums) const { return ratio().gradient(sums); }

 private:
  OverlapRatio ratio() const {
    return {.numerator_scale = 2.0, .smooth_numerator = smooth_nr, .smooth_denominator = smooth_dr};
  }
};

}  // namespace

extern const Loss dice = region<Dice>(
    about_dice,
    {{"smooth_nr", &Dice::smooth_nr, interval::non_negative, "added to the numerator"},
     {"smooth_dr", &Dice::smooth_dr, interval::non_negative, "added to the denominator"}});

}  // namespace losscalc
