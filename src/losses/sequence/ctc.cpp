#include <cmath>
#include <vector>

#include "definition/domains/sequence.h"
#include "formula/functions.h"
#include "numeric/limits.h"

namespace losscalc {
namespace {

const Description about_ctc{
    .name = "ctc",
    .summary = "negative log-likelihood of a label sequence, over all alignments",
    .formula =
        "l = -log(sum over alignments a of prod_t p_t(a_t)), a being every path of T classes that "
        "gives the labels when repetitions are merged and blanks then dropped",
    .formula_tex = R"(\ell = -\log \sum_{a \in B^{-1}(y)} \prod_t p_t(a_t))",
    .gradient =
        "dl/dlog p_t(c) = -P(a_t = c | y);  with respect to logits: p_t(c) - P(a_t = c | y)",
    .gradient_tex = R"(\partial\ell/\partial z_{tc} = p_t(c) - P(a_t = c \mid y))",
    .aliases = {"connectionist-temporal-classification"},
    .task = Task::sequence,
    .smoothness = "smooth; infinite, with slope 0, where the labels don't fit into the time steps",
    .outliers =
        "a long or mislabelled sequence has a large loss, which grows with its number of time "
        "steps",
    .imbalance =
        "blanks dominate: most steps have no label, and early training predicts only blanks",
    .use =
        "speech and handwriting recognition, where labels have no times; per=label divides each "
        "sequence's loss by its number of labels",
    .source = "Graves et al., Connectionist temporal classification, 2006",
    .elsewhere =
        "torch.nn.CTCLoss (log-probs, time axis first, mean per label), keras CTC, optax ctc_loss "
        "(logits); warp-ctc",
};

/// log(e^a + e^b).
template <class Scalar>
Scalar log_sum(const Scalar& a, const Scalar& b) {
  const Scalar& larger = formula::less(a, b) ? b : a;
  const Scalar& smaller = formula::less(a, b) ? a : b;
  if (formula::value_of(smaller) == -infinity) return larger;
  return larger + formula::log1p(formula::exp(Scalar(smaller - larger)));
}

/// e^part / e^whole.
double ratio(double part, double whole) {
  return whole == -infinity ? 0.0 : std::exp(part - whole);
}

/// One number for each state of an alignment after a time step.
template <class Scalar>
struct States {
  std::vector<Scalar> blank;  ///< [j]: j labels are past, and the last step was a blank
  std::vector<Scalar> label;  ///< [j]: on label j
};

/// The forward recursion of Graves et al. (2006, section 4.1): alpha is the log-probability of all
/// alignments up to a step, by the state in which they end. It stays in log space because products
/// of T probabilities underflow: at p = 0.1, 324 steps are enough.
struct Ctc {
  std::int64_t blank = 0;
  double forbidden = -infinity;
  bool zero_infinity = false;

  using Labels = std::span<const std::uint32_t>;

  template <class Scalar>
  Scalar value(std::span<const Scalar> log_p, std::size_t classes, Labels labels) const {
    States<Scalar> alpha = initial<Scalar>(labels);
    for (std::size_t first = 0; first < log_p.size(); first += classes)
      alpha = transition(alpha, label_entry(alpha, labels), log_p.subspan(first, classes), labels);
    const Scalar end = total(alpha);
    if (formula::value_of(end) == -infinity) return zero_infinity ? 0.0 : infinity;
    return Scalar(0.0) - end;
  }

  /// Reverse sweep over the forward (alpha) recursion; cost O(T S). A state's posterior is handed
  /// back to its predecessors in the ratio of their alphas, so that no probability leaves log space
  /// and no second (beta) recursion can disagree with the value.
  void gradient(std::span<const double> log_p, std::size_t classes, Labels labels,
                std::span<double> derivative) const {
    const std::size_t n = labels.size();
    std::vector<States<double>> alphas{initial<double>(labels)};
    for (std::size_t first = 0; first < log_p.size(); first += classes) {
      const States<double>& alpha = alphas.back();
      alphas.push_back(
          transition(alpha, label_entry(alpha, labels), log_p.subspan(first, classes), labels));
    }
    const double end = total(alphas.back());
    std::ranges::fill(derivative, 0.0);
    if (end == -infinity) return;
    const std::size_t blank_class = class_of_blank(classes);
    States<double> posterior{std::vector<double>(n + 1), std::vector<double>(n)};
    posterior.blank[n] = ratio(alphas.back().blank[n], end);
    if (n > 0) posterior.label[n - 1] = ratio(alphas.back().label[n - 1], end);
    for (std::size_t step = alphas.size() - 1; step-- > 0;) {
      const States<double>& alpha = alphas[step];
      const States<double>& next = alphas[step + 1];
      const std::vector<double> entry = label_entry(alpha, labels);
      const std::span<const double> row = log_p.subspan(step * classes, classes);
      const std::span<double> slope = derivative.subspan(step * classes, classes);
      States<double> before{std::vector<double>(n + 1), std::vector<double>(n)};
      std::vector<double> through_entry(n + 1);
      for (std::size_t j = 0; j <= n; ++j) {
        const double of_blank = posterior.blank[j];
        slope[blank_class] -= of_blank;
        through_entry[j] += of_blank * ratio(entry[j] + row[blank_class], next.blank[j]);
        if (j > 0)
          before.label[j - 1] +=
              of_blank * ratio(alpha.label[j - 1] + label_to_blank(labels, j) + row[blank_class],
                               next.blank[j]);
      }
      for (std::size_t j = 0; j < n; ++j) {
        const double of_label = posterior.label[j];
        slope[labels[j]] -= of_label;
        through_entry[j] += of_label * ratio(entry[j] + row[labels[j]], next.label[j]);
        before.label[j] += of_label * ratio(alpha.label[j] + row[labels[j]], next.label[j]);
      }
      for (std::size_t j = 0; j <= n; ++j) {
        before.blank[j] += through_entry[j] * ratio(alpha.blank[j], entry[j]);
        if (j > 0)
          before.label[j - 1] +=
              through_entry[j] * ratio(alpha.label[j - 1] + label_to_label(labels, j), entry[j]);
      }
      posterior = std::move(before);
    }
  }

 private:
  template <class Scalar>
  States<Scalar> initial(Labels labels) const {
    States<Scalar> alpha{std::vector<Scalar>(labels.size() + 1, forbidden),
                         std::vector<Scalar>(labels.size(), forbidden)};
    alpha.blank[0] = 0.0;
    return alpha;
  }

  /// The log-probability of the alignments from which label j may follow: those in the blank before
  /// it, or on label j - 1 if that is another label.
  template <class Scalar>
  std::vector<Scalar> label_entry(const States<Scalar>& alpha, Labels labels) const {
    std::vector<Scalar> entry(alpha.blank);
    for (std::size_t j = 1; j < entry.size(); ++j)
      entry[j] = log_sum(alpha.blank[j], Scalar(alpha.label[j - 1] + label_to_label(labels, j)));
    return entry;
  }

  /// Alpha one time step later; `row` has the log-probabilities of that step.
  template <class Scalar>
  States<Scalar> transition(const States<Scalar>& alpha, const std::vector<Scalar>& entry,
                            std::span<const Scalar> row, Labels labels) const {
    States<Scalar> next{std::vector<Scalar>(alpha.blank.size()),
                        std::vector<Scalar>(alpha.label.size())};
    const Scalar& of_blank = row[class_of_blank(row.size())];
    next.blank[0] = entry[0] + of_blank;
    for (std::size_t j = 1; j < next.blank.size(); ++j)
      next.blank[j] = log_sum(Scalar(entry[j] + of_blank),
                              Scalar(alpha.label[j - 1] + label_to_blank(labels, j) + of_blank));
    for (std::size_t j = 0; j < next.label.size(); ++j)
      next.label[j] = log_sum(entry[j], alpha.label[j]) + row[labels[j]];
    return next;
  }

  template <class Scalar>
  static Scalar total(const States<Scalar>& alpha) {
    return alpha.label.empty() ? alpha.blank.back()
                               : log_sum(alpha.blank.back(), alpha.label.back());
  }

  static bool repeats(Labels labels, std::size_t j) {
    return j < labels.size() && labels[j] == labels[j - 1];
  }
  /// Where two labels differ, entry j includes label j - 1: the next label or a blank may follow.
  /// Where they are equal, only a blank may, by label_to_blank.
  double label_to_label(Labels labels, std::size_t j) const {
    return repeats(labels, j) ? forbidden : 0.0;
  }
  double label_to_blank(Labels labels, std::size_t j) const {
    return repeats(labels, j) ? 0.0 : forbidden;
  }

  std::size_t class_of_blank(std::size_t classes) const {
    return blank < 0 ? classes - static_cast<std::size_t>(-blank) : static_cast<std::size_t>(blank);
  }
};

}  // namespace

extern const Loss ctc = sequence<Ctc>(
    about_ctc, From::logits,
    {{"blank", &Ctc::blank, interval::finite,
      "class of the blank; negative counts from the end, -1 is the last"},
     {"forbidden", &Ctc::forbidden, Interval{.high = 0.0},
      "log-probability of forbidden transitions; finite values reproduce optax"},
     {"zero_infinity", &Ctc::zero_infinity,
      "give sequences whose labels don't fit into their time steps loss 0 instead of infinity"}});

}  // namespace losscalc
