#include <algorithm>
#include <cmath>

#include "definition/domains/classwise.h"
#include "formula/functions.h"

namespace losscalc {
namespace {

const Description about_hinge{
    .name = "hinge",
    .summary = "penalty for classes that score within a margin of the right one",
    .formula = "l = sum (or max, or sum / C) over c != y of max(0, s_c - s_y + margin)^power",
    .formula_tex = R"(\ell = \sum_{c \neq y} \max(0, s_c - s_y + m)^q)",
    .gradient =
        "dl/ds_c = power max(0, s_c - s_y + margin)^(power - 1) where positive; dl/ds_y: minus "
        "their sum",
    .gradient_tex =
        R"(\partial\ell/\partial s_c = q \max(0, s_c - s_y + m)^{q-1},\quad \partial\ell/\partial s_y = -\sum_{c \neq y} \partial\ell/\partial s_c)",
    .aliases = {"multi-class-hinge", "multi-margin", "svm"},
    .task = Task::classification,
    .properties = {.convex = true},
    .smoothness =
        "power 1: kinks where a wrong class just meets the margin; power 2: once differentiable; "
        "form max: kinks where the highest wrong scores tie",
    .outliers = "linear in the violation (power 1) or quadratic (power 2)",
    .imbalance = "frequent classes dominate the mean: class weights help",
    .use = "support vector machines and other large-margin classifiers; gives no probabilities",
    .source = "Weston & Watkins 1999 (sum); Crammer & Singer 2001 (max)",
    .elsewhere =
        "torch MultiMarginLoss is the sum form divided by C; sklearn hinge_loss is the max form; "
        "keras CategoricalHinge also counts 0 among the wrong scores",
};

enum class Form : std::uint8_t { sum, max, mean };

struct Hinge {
  double margin = 1.0;
  std::int64_t power = 1;
  Form form = Form::sum;

  template <class Scalar>
  Scalar value(std::span<const Scalar> scores, std::size_t target) const {
    Scalar total = 0.0;
    for (std::size_t c = 0; c < scores.size(); ++c) {
      if (c == target) continue;
      const Scalar violation = formula::positive_part(Scalar(scores[c] - scores[target] + margin));
      total =
          form == Form::max ? formula::max(total, violation) : Scalar(total + raised(violation));
    }
    if (form == Form::max) return raised(total);
    return share(scores.size()) * total;
  }

  void gradient(std::span<const double> scores, std::size_t target,
                std::span<double> derivative) const {
    std::ranges::fill(derivative, 0.0);
    std::size_t worst = target;
    double worst_violation = 0.0;
    for (std::size_t c = 0; c < scores.size(); ++c) {
      const double violation = scores[c] - scores[target] + margin;
      if (c == target || !(violation > 0.0)) continue;
      if (form != Form::max) {
        add_rival(c, target, share(scores.size()) * slope(violation), derivative);
      } else if (violation > worst_violation) {
        worst = c;
        worst_violation = violation;
      }
    }
    if (worst != target) add_rival(worst, target, slope(worst_violation), derivative);
  }

 private:
  template <class Scalar>
  Scalar raised(const Scalar& violation) const {
    return power == 1 ? violation : formula::square(violation);
  }

  double slope(double violation) const { return power == 1 ? 1.0 : 2.0 * violation; }

  /// The factor of the sum over the rivals.
  double share(std::size_t classes) const {
    return form == Form::mean ? 1.0 / static_cast<double>(classes) : 1.0;
  }

  static void add_rival(std::size_t rival, std::size_t target, double slope,
                        std::span<double> derivative) {
    derivative[rival] += slope;
    derivative[target] -= slope;
  }
};

}  // namespace

extern const Loss hinge = class_scores<Hinge>(
    about_hinge,
    {{"margin", &Hinge::margin, interval::non_negative,
      "lead that the right class needs for a loss of 0"},
     {"power", &Hinge::power, Interval{1.0, 2.0}, "exponent of the violations, 1 or 2"},
     {"form",
      &Hinge::form,
      {{Form::sum, "sum"}, {Form::max, "max", "only the worst wrong class"}, {Form::mean, "mean"}},
      "sum over the wrong classes, only the worst one (max), or the sum divided by the number of "
      "classes (mean)"}});

}  // namespace losscalc
