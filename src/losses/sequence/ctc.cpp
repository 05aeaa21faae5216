#include <cmath>
#include <vector>

#include "definition/domains/sequence.h"
#include "formula/functions.h"
#include "numeric/limits.h"

namespace losscalc {
namespace {

/// log(e^a + e^b).
template <class Scalar>
Scalar log_sum(const Scalar& a, const Scalar& b) {
  const Scalar& larger = formula::less(a, b) ? b : a;
  const Scalar& smaller = formula::less(a, b) ? a : b;
  if (formula::value_of(smaller) == -infinity) return larger;
  return larger + formula::log1p(formula::exp(Scalar(smaller - larger)));
}

/// What e^part has of e^whole.
double share(double part, double whole) {
  return whole == -infinity ? 0.0 : std::exp(part - whole);
}

/// The logarithms of the probabilities of all alignments up to a step, by where they stand.
template <class Scalar>
struct Alignments {
  std::vector<Scalar> between;  ///< so many labels are past, and the last step was a blank
  std::vector<Scalar> on;       ///< on the label of this index
};

struct Ctc {
  std::int64_t blank = 0;
  double forbidden = -infinity;
  bool zero_infinity = false;

  using Labels = std::span<const std::uint32_t>;

  template <class Scalar>
  Scalar value(std::span<const Scalar> log_p, std::size_t classes, Labels labels) const {
    Alignments<Scalar> at = start<Scalar>(labels);
    for (std::size_t first = 0; first < log_p.size(); first += classes)
      at = after(at, ready(at, labels), log_p.subspan(first, classes), labels);
    const Scalar end = total(at);
    if (formula::value_of(end) == -infinity) return zero_infinity ? 0.0 : infinity;
    return Scalar(0.0) - end;
  }

  /// The recursion backwards: what each place has of all alignments goes to those it came from.
  void gradient(std::span<const double> log_p, std::size_t classes, Labels labels,
                std::span<double> derivative) const {
    const std::size_t n = labels.size();
    std::vector<Alignments<double>> at{start<double>(labels)};
    for (std::size_t first = 0; first < log_p.size(); first += classes)
      at.push_back(
          after(at.back(), ready(at.back(), labels), log_p.subspan(first, classes), labels));
    const double end = total(at.back());
    std::ranges::fill(derivative, 0.0);
    if (end == -infinity) return;
    const std::size_t blank_class = class_of_blank(classes);
    Alignments<double> shares{std::vector<double>(n + 1), std::vector<double>(n)};
    shares.between[n] = share(at.back().between[n], end);
    if (n > 0) shares.on[n - 1] = share(at.back().on[n - 1], end);
    for (std::size_t step = at.size() - 1; step-- > 0;) {
      const Alignments<double>& next = at[step + 1];
      const std::vector<double> entry = ready(at[step], labels);
      const std::span<const double> row = log_p.subspan(step * classes, classes);
      const std::span<double> slope = derivative.subspan(step * classes, classes);
      Alignments<double> before{std::vector<double>(n + 1), std::vector<double>(n)};
      std::vector<double> through(n + 1);
      for (std::size_t j = 0; j <= n; ++j) {
        const double past = shares.between[j];
        slope[blank_class] -= past;
        through[j] += past * share(entry[j] + row[blank_class], next.between[j]);
        if (j > 0)
          before.on[j - 1] += past * share(at[step].on[j - 1] + leave(labels, j) + row[blank_class],
                                           next.between[j]);
      }
      for (std::size_t j = 0; j < n; ++j) {
        const double here = shares.on[j];
        slope[labels[j]] -= here;
        through[j] += here * share(entry[j] + row[labels[j]], next.on[j]);
        before.on[j] += here * share(at[step].on[j] + row[labels[j]], next.on[j]);
      }
      for (std::size_t j = 0; j <= n; ++j) {
        before.between[j] += through[j] * share(at[step].between[j], entry[j]);
        if (j > 0)
          before.on[j - 1] += through[j] * share(at[step].on[j - 1] + move_on(labels, j), entry[j]);
      }
      shares = std::move(before);
    }
  }

 private:
  template <class Scalar>
  Alignments<Scalar> start(Labels labels) const {
    Alignments<Scalar> at{std::vector<Scalar>(labels.size() + 1, forbidden),
                          std::vector<Scalar>(labels.size(), forbidden)};
    at.between[0] = 0.0;
    return at;
  }

  /// Where label j may come next: between, or on label j - 1 if that is another label.
  template <class Scalar>
  std::vector<Scalar> ready(const Alignments<Scalar>& at, Labels labels) const {
    std::vector<Scalar> entry(at.between);
    for (std::size_t j = 1; j < entry.size(); ++j)
      entry[j] = log_sum(at.between[j], Scalar(at.on[j - 1] + move_on(labels, j)));
    return entry;
  }

  template <class Scalar>
  Alignments<Scalar> after(const Alignments<Scalar>& at, const std::vector<Scalar>& entry,
                           std::span<const Scalar> row, Labels labels) const {
    Alignments<Scalar> next{std::vector<Scalar>(at.between.size()),
                            std::vector<Scalar>(at.on.size())};
    const Scalar& of_blank = row[class_of_blank(row.size())];
    next.between[0] = entry[0] + of_blank;
    for (std::size_t j = 1; j < next.between.size(); ++j)
      next.between[j] =
          log_sum(Scalar(entry[j] + of_blank), Scalar(at.on[j - 1] + leave(labels, j) + of_blank));
    for (std::size_t j = 0; j < next.on.size(); ++j)
      next.on[j] = log_sum(entry[j], at.on[j]) + row[labels[j]];
    return next;
  }

  template <class Scalar>
  static Scalar total(const Alignments<Scalar>& at) {
    return at.on.empty() ? at.between.back() : log_sum(at.between.back(), at.on.back());
  }

  static bool repeats(Labels labels, std::size_t j) {
    return j < labels.size() && labels[j] == labels[j - 1];
  }
  /// From label j - 1 to label j at once, which must be others; or by a blank.
  double move_on(Labels labels, std::size_t j) const {
    return repeats(labels, j) ? forbidden : 0.0;
  }
  double leave(Labels labels, std::size_t j) const { return repeats(labels, j) ? 0.0 : forbidden; }

  std::size_t class_of_blank(std::size_t classes) const {
    return blank < 0 ? classes - static_cast<std::size_t>(-blank) : static_cast<std::size_t>(blank);
  }
};

}  // namespace

extern const Loss ctc;
const Loss ctc = sequence<Ctc>(
    {.name = "ctc",
     .aliases = {"connectionist-temporal-classification"},
     .task = Task::sequence,
     .summary = "labels in order without places: minus the log of all alignments",
     .formula = "l = -log(sum over alignments a of prod_t p_t(a_t)), a being all paths of T "
                "classes that are the labels once repetitions, and then blanks, are dropped",
     .formula_tex = R"(\ell = -\log \sum_{a \in B^{-1}(y)} \prod_t p_t(a_t))",
     .gradient = "dl/dlog p_t(c) = -P(a_t = c | y); by logits p_t(c) - P(a_t = c | y)",
     .gradient_tex = R"(\partial\ell/\partial z_{tc} = p_t(c) - P(a_t = c \mid y))",
     .properties = {},
     .smoothness = "smooth; infinite, with slope 0, where the labels don't fit into the steps",
     .outliers = "a long or wrongly labelled sequence weighs as much as the log of its alignments",
     .imbalance = "blanks dominate: most steps have no label, and early training predicts them",
     .use = "speech and handwriting recognition, where labels have no times. per=label gives long "
            "sequences the weight of short ones",
     .source = "Graves et al., Connectionist temporal classification, 2006",
     .elsewhere = "torch.nn.CTCLoss (log-probs, steps first, mean per label), keras CTC, optax "
                  "ctc_loss (logits); warp-ctc"},
    From::logits,
    {{"blank", &Ctc::blank, interval::finite, "the class that is no label; -1 is the last"},
     {"forbidden", &Ctc::forbidden, Interval{.high = 0.0},
      "the log of what a move counts that no alignment makes"},
     {"zero_infinity", &Ctc::zero_infinity,
      "a sequence whose labels don't fit into its steps has loss 0, not infinity"}});

}  // namespace losscalc
