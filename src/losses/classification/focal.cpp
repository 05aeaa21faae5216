#include <cmath>
#include <string>

#include "definition/domains/classwise.h"
#include "diagnostics/error.h"
#include "formula/functions.h"
#include "text/number.h"

namespace losscalc {
namespace {

const Description about_focal{
    .name = "focal",
    .summary = "cross-entropy that down-weights easy examples",
    .formula =
        "l = -alpha_y (1 - p_y)^gamma log p_y;  sigmoid: alpha_t (1 - p_t)^gamma bce per class",
    .formula_tex = R"(\ell = -\alpha_y (1 - p_y)^\gamma \log p_y)",
    .gradient = "dl/dp_y = alpha_y ((1 - p_y)^(gamma - 1) gamma log p_y - (1 - p_y)^gamma / p_y)",
    .gradient_tex =
        R"(\partial\ell/\partial p_y = \alpha_y \left(\gamma (1 - p_y)^{\gamma - 1} \log p_y - (1 - p_y)^\gamma / p_y\right))",
    .aliases = {"focal-loss"},
    .task = Task::classification,
    .properties = {.zero_at_target = true},
    .smoothness = "smooth in logits; in probabilities the slope grows without bound towards p = 0",
    .outliers =
        "as cross-entropy: hard examples, mislabelled ones included, keep their full weight",
    .imbalance = "designed for it: the many easy examples of frequent classes hardly count",
    .use =
        "dense detection, and segmentation with little foreground; link=sigmoid treats each class "
        "as a binary problem and each entry as a unit",
    .source = "Lin, Goyal, Girshick, He & Dollar, Focal loss for dense object detection, 2017",
    .elsewhere =
        "torchvision sigmoid_focal_loss (sigmoid, alpha 0.25), keras CategoricalFocalCrossentropy "
        "(softmax, alpha 0.25); MONAI and kornia also divide the softmax form by C",
};

struct Focal {
  double gamma = 2.0;
  std::vector<double> alpha;
  double log_clip = 0.0;
  std::vector<double> log_clip_high;

  /// The softmax form's term of one class: -alpha_c (1 - p_c)^gamma log p_c.
  template <class Scalar>
  Scalar value(const Scalar& log_p, std::size_t c) const {
    if (is_cross_entropy(formula::value_of(log_p))) return 0.0 - balance(c) * log_p;
    if (!formula::less(log_p, 0.0)) return 0.0;
    // Easy examples are the point of this loss: where p is nearly 1, 1 - p = -expm1(log p) keeps
    // the digits that 1 - exp(log p) would lose. At log p = 0 the limit 0 stands in for 0^gamma 0,
    // whose derivative would be 0 / 0 for gamma < 1.
    return -balance(c) * formula::pow(Scalar(-formula::expm1(log_p)), gamma) * log_p;
  }
  double gradient(double log_p, std::size_t c) const {
    if (is_cross_entropy(log_p)) return -balance(c);
    if (!(log_p < 0.0)) return 0.0;
    const double q = -std::expm1(log_p);
    return -balance(c) * std::pow(q, gamma) * (1.0 - gamma * std::exp(log_p) * log_p / q);
  }

  /// The sigmoid form: alpha_t (1 - p_t)^gamma bce, with p_t = p t + (1 - p)(1 - t).
  template <class Scalar>
  Scalar value(const Bernoulli<Scalar>& p, const BinaryTarget& t) const {
    const double target = t.target;
    if (target == 1.0) return hit(t, p.log_p, p.log_q);
    if (target == 0.0) return hit(t, p.log_q, p.log_p);
    // 1 - p_t = (1 - p) t + p (1 - t)
    const Scalar miss = formula::exp(p.log_q) * target + formula::exp(p.log_p) * (1.0 - target);
    const Scalar entropy =
        -(target * clipped(p.log_p, 1.0) + (1.0 - target) * clipped(p.log_q, 0.0));
    return balance(t) * formula::pow(miss, gamma) * entropy;
  }
  Bernoulli<double> gradient(const Bernoulli<double>& p, const BinaryTarget& t) const {
    const double target = t.target;
    if (target == 1.0) return slope_of_hit(t, p.log_p, p.log_q);
    if (target == 0.0) {
      const Bernoulli<double> mirrored = slope_of_hit(t, p.log_q, p.log_p);
      return {mirrored.log_q, mirrored.log_p};
    }
    const double by_log_p = std::exp(p.log_p) * (1.0 - target);  // of the miss, 1 - p_t
    const double by_log_q = std::exp(p.log_q) * target;
    const double miss = by_log_q + by_log_p;
    const double entropy =
        -(target * clipped(p.log_p, 1.0) + (1.0 - target) * clipped(p.log_q, 0.0));
    const double power = balance(t) * std::pow(miss, gamma);
    return {power * (gamma * entropy * by_log_p / miss - target * slope_of_clipped(p.log_p, 1.0)),
            power * (gamma * entropy * by_log_q / miss -
                     (1.0 - target) * slope_of_clipped(p.log_q, 0.0))};
  }

  void check_parameters() const {
    if (log_clip_high.size() > 1)
      throw Error(ErrorCode::bad_value, "log_clip_high must be one number, found a list");
  }

  void check_classes(std::size_t classes) const {
    if (alpha.size() <= 1 || alpha.size() == classes) return;
    throw Error(ErrorCode::bad_value, "focal: alpha has " + std::to_string(alpha.size()) +
                                          " entries, expected 1 or one for each of " +
                                          std::to_string(classes) + " classes");
  }

  /// With alpha > 1, 1 - alpha would be a negative weight of the negatives.
  void check_one_vs_rest() const {
    for (const double a : alpha) {
      if (a <= 1.0) continue;
      throw Error(ErrorCode::bad_value, "focal: alpha must be " + to_string(interval::unit) +
                                            " with link=sigmoid, found " + text::shortest(a));
    }
  }

 private:
  /// Whether (1 - p)^gamma is 1, so that nothing is down-weighted. At p = 0 the derivative of the
  /// factor would be 0 times an infinite log p.
  bool is_cross_entropy(double log_p) const { return gamma == 0.0 || std::isinf(log_p); }

  /// alpha of a class in the softmax form; a single alpha is a common factor.
  double balance(std::size_t c) const {
    return alpha.empty() ? 1.0 : alpha[alpha.size() == 1 ? 0 : c];
  }

  /// alpha_t of the sigmoid form.
  double balance(const BinaryTarget& t) const {
    if (alpha.empty()) return 1.0;
    const double a = balance(t.class_index);
    return a * t.target + (1.0 - a) * (1.0 - t.target);
  }

  /// -alpha_t q^gamma log p for a target that is certain, p being the probability of the right
  /// answer and q that of the wrong one.
  template <class Scalar>
  Scalar hit(const BinaryTarget& t, const Scalar& log_p, const Scalar& log_q) const {
    const Scalar focus = gamma == 0.0 ? Scalar(1.0) : formula::exp(Scalar(gamma * log_q));
    return 0.0 - balance(t) * focus * clipped(log_p, t.target);
  }
  /// Its derivatives by log p and by log q.
  Bernoulli<double> slope_of_hit(const BinaryTarget& t, double log_p, double log_q) const {
    if (gamma == 0.0) return {-balance(t) * slope_of_clipped(log_p, t.target), 0.0};
    const double power = balance(t) * std::exp(gamma * log_q);
    return {-power * slope_of_clipped(log_p, t.target), -power * gamma * clipped(log_p, t.target)};
  }

  /// The logarithm of what p is to a target of 1 or 1 - p to one of 0, p being clipped to
  /// [log_clip, 1 - below_one()].
  template <class Scalar>
  Scalar clipped(const Scalar& logarithm, double target) const {
    if (!clips()) return logarithm;
    return formula::min(formula::max(logarithm, Scalar(lowest(target))),
                        Scalar(std::log1p(-below_one())));
  }
  double slope_of_clipped(double logarithm, double target) const {
    if (!clips()) return 1.0;
    return logarithm >= lowest(target) && logarithm <= std::log1p(-below_one()) ? 1.0 : 0.0;
  }
  bool clips() const { return log_clip > 0.0 || !log_clip_high.empty(); }
  double below_one() const { return log_clip_high.empty() ? log_clip : log_clip_high.front(); }
  /// 1 - (1 - below_one()) has fewer digits than below_one().
  double lowest(double target) const {
    return std::log(target == 1.0 ? log_clip : 1.0 - (1.0 - below_one()));
  }
};

}  // namespace

extern const Loss focal = class_terms_or_binary<Focal>(
    about_focal,
    {{"gamma", &Focal::gamma, interval::non_negative,
      "how strongly easy examples are down-weighted; 0 is cross-entropy"},
     {"alpha", &Focal::alpha, interval::non_negative,
      "class balance: none, one factor (with sigmoid: alpha for positives, 1 - alpha for "
      "negatives), or one per class"},
     {"log_clip", &Focal::log_clip, Interval{.low = 0.0, .high = 0.5, .high_open = true},
      "sigmoid only: clip p to [X, 1 - X] inside the logarithms, but not in the factor (1 - "
      "p)^gamma"},
     {"log_clip_high", &Focal::log_clip_high, interval::unit_half_open,
      "sigmoid only: upper clipping bound 1 - X inside the logarithms (default: 1 - log_clip)"}},
    {From::probs, From::logits, From::log_probs});

}  // namespace losscalc
