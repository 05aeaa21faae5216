#include "definition/domains/overlap_ratio.h"
#include "definition/domains/region.h"

namespace losscalc {
namespace {

const Description about_tversky{
    .name = "tversky",
    .summary = "dice with separate weights for false positives and false negatives",
    .formula = "l = 1 - (I + nr) / (I + alpha (P - I) + beta (T - I) + dr)",
    .formula_tex =
        R"(\ell = 1 - \frac{I + \epsilon_n}{I + \alpha (P - I) + \beta (T - I) + \epsilon_d})",
    .gradient = "dl/dp = (R ((1 - alpha - beta) t + alpha) - t) / denominator, R = 1 - l",
    .gradient_tex =
        R"(\partial\ell/\partial p = \frac{R((1 - \alpha - \beta) t + \alpha) - t}{I + \alpha (P - I) + \beta (T - I) + \epsilon_d})",
    .aliases = {"tversky-loss"},
    .task = Task::segmentation,
    .properties = {.range = interval::unit, .zero_at_target = true},
    .smoothness =
        "smooth; where the denominator is 0 (empty maps without smoothing), loss and slope are 0",
    .outliers = "bounded by 1; smooth_nr > smooth_dr can make the loss negative",
    .imbalance = "designed for it: beta > alpha finds small objects at the price of false alarms",
    .use =
        "segmentation where a miss is worse than a false alarm; alpha = beta = 1/2 is dice, 1 is "
        "jaccard",
    .source = "Salehi, Erdogmus & Gholipour, Tversky loss function, 2017",
    .elsewhere =
        "MONAI, smp and optax apply alpha to false positives; keras up to 3.15 to false negatives",
};

struct Tversky {
  double alpha = 0.5;
  double beta = 0.5;
  double smooth_nr = 1e-5;
  double smooth_dr = 1e-5;

  template <class Scalar>
  Scalar value(const Overlap<Scalar>& sums) const {
    return ratio().value(sums);
  }
  Overlap<double> gradient(const Overlap<double>& sums) const { return ratio().gradient(sums); }

 private:
  /// I + alpha FP + beta FN with FP = P - I and FN = T - I.
  OverlapRatio ratio() const {
    return {.intersection = 1.0 - alpha - beta,
            .prediction = alpha,
            .target = beta,
            .smooth_numerator = smooth_nr,
            .smooth_denominator = smooth_dr};
  }
};

}  // namespace

extern const Loss tversky = region<Tversky>(
    about_tversky,
    {{"alpha", &Tversky::alpha, interval::non_negative, "weight of false positives"},
     {"beta", &Tversky::beta, interval::non_negative, "weight of false negatives"},
     {"smooth_nr", &Tversky::smooth_nr, interval::non_negative, "added to the numerator"},
     {"smooth_dr", &Tversky::smooth_dr, interval::non_negative, "added to the denominator"}});

}  // namespace losscalc
