#include "evaluation/inputs/predictions.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "definition/loss.h"
#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "numeric/limits.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

constexpr double sum_tolerance = 1e-3;
constexpr double rounding = 1e-6;  // a float32 softmax may leave [0, 1] by this little

bool inside_unit_interval(double p) { return p >= -rounding && p <= 1.0 + rounding; }

}  // namespace

ClassPredictions::ClassPredictions(const Loss& loss, const Data& prediction,
                                   const Conventions& conventions, std::size_t max_positions)
    : prediction_(prediction),
      has_links_(!loss.links.empty()),
      conventions_(conventions),
      clip_(clip_bounds(conventions, prediction)),
      layout_(class_layout(prediction, conventions.class_axis)),
      block_shape_{std::min(layout_.block_positions(), std::max(max_positions, block_multiple)),
                   layout_.classes} {
  // Scores are taken as they are, just as log-probabilities are.
  if (loss.from.empty()) conventions_.from = From::log_probs;
  const std::string loss_name(loss.description.name);
  if (is_sigmoid() && conventions.from == From::log_probs) {
    throw Error(ErrorCode::bad_value,
                loss_name + ": link=sigmoid takes probs or logits, not log-probs");
  }
  if (is_sigmoid() && conventions.eps_on == EpsilonOn::all) {
    throw Error(
        ErrorCode::not_supported,
        loss_name + ": eps_on=all needs link=softmax; the output of a sigmoid is not clipped");
  }
}

void ClassPredictions::read(std::size_t first, std::size_t count, std::span<double> block,
                            DataIssues& issues, std::vector<double>& scratch) const {
  const BlockShape shape = block_shape();
  if (count < shape.stride) std::ranges::fill(block, 0.0);
  gather(layout_, prediction_, first, count, shape.stride, block, scratch);
  if (!is_examined(block, shape.stride)) return;
  RowStatistics statistics;
  measure_block(shape, block, statistics);
  examine(first, count, statistics, issues);
}

bool ClassPredictions::is_examined(std::span<const double> values, std::size_t step) const {
  if (conventions_.from == From::probs) return conventions_.check;
  if (conventions_.from != From::logits) return false;
  double sum = 0.0;
  for (std::size_t c = 0; c < layout_.classes; ++c) {
    if (!(values[c * step] >= 0.0 && values[c * step] <= 1.0)) return false;
    sum += values[c * step];
  }
  return is_sigmoid() || std::fabs(sum - 1.0) <= sum_tolerance;
}

void ClassPredictions::examine(std::size_t first, std::size_t count,
                               const RowStatistics& statistics, DataIssues& issues) const {
  if (conventions_.from == From::probs) {
    check_probabilities(first, count, statistics, issues);
  } else {
    notice_probabilities(first, count, statistics, issues);
  }
}

void ClassPredictions::check_probabilities(std::size_t first, std::size_t count,
                                           const RowStatistics& statistics,
                                           DataIssues& issues) const {
  const bool rows_sum_to_one = !is_sigmoid() && layout_.classes > 1 && !is_normalized();
  const auto is_valid = [&](double p) {
    return is_normalized() ? p >= 0.0 && std::isfinite(p) : inside_unit_interval(p);
  };
  for (std::size_t j = 0; j < count; ++j) {
    const double sum = statistics.sum[j];
    // A NaN among the entries shows in the sum, whatever the comparisons made of it.
    if (!(is_valid(statistics.smallest[j]) && is_valid(statistics.largest[j])) || std::isnan(sum)) {
      std::size_t c = 0;
      while (is_valid(element(prediction_, layout_.flat(first + j, c)))) ++c;
      issues.add(DataIssue::prediction_outside_unit_interval, layout_.flat(first + j, c));
    } else if (rows_sum_to_one && !(std::fabs(sum - 1.0) <= sum_tolerance)) {
      issues.add(DataIssue::row_not_normalized, first + j);
    }
  }
}

void ClassPredictions::notice_probabilities(std::size_t first, std::size_t count,
                                            const RowStatistics& statistics,
                                            DataIssues& issues) const {
  std::size_t likely = 0;
  for (std::size_t j = 0; j < count; ++j) {
    const bool in_range = statistics.smallest[j] >= 0.0 && statistics.largest[j] <= 1.0;
    const bool sums_to_one = std::fabs(statistics.sum[j] - 1.0) <= sum_tolerance;
    if (in_range && (is_sigmoid() || sums_to_one)) ++likely;
  }
  if (likely > 0) issues.add(DataIssue::looks_like_probabilities, first, likely);
}

void ClassPredictions::to_log_probabilities(std::span<double> block) const {
  if (conventions_.from == From::logits) {
    log_softmax(block_shape(), block);
    if (conventions_.eps_on == EpsilonOn::all) {
      for (double& log_p : block) log_p = std::clamp(log_p, log_clip().first, log_clip().second);
    }
  }
  if (conventions_.from != From::probs) return;
  if (conventions_.normalize == Normalize::before_clip) normalize_rows(block_shape(), block);
  log_clipped(clip_, block);
  if (conventions_.normalize == Normalize::after_clip) log_normalize_rows(block_shape(), block);
  raise_to(conventions_.log_floor, block);
}

void ClassPredictions::to_log_bernoulli(std::span<const double> block, std::span<double> log_p,
                                        std::span<double> log_q) const {
  if (conventions_.from == From::logits) {
    log_sigmoid(block, log_p, log_q);
  } else {
    log_bernoulli(block, clip_, log_p, log_q);
    raise_to(conventions_.log_floor, log_p);
    raise_to(conventions_.log_floor, log_q);
  }
}

void ClassPredictions::to_probabilities(std::span<double> block) const {
  if (conventions_.from != From::logits) return;
  if (is_sigmoid()) {
    sigmoid(block);
  } else {
    softmax(block_shape(), block);
  }
}

void ClassPredictions::from_log_probabilities(std::span<const double> raw,
                                              std::span<const double> log_p,
                                              std::span<double> derivative) const {
  if (conventions_.from == From::logits && conventions_.eps_on == EpsilonOn::all) {
    from_clipped_softmax(raw, derivative);
  } else if (conventions_.from == From::logits) {
    log_softmax_backward(block_shape(), log_p, derivative);
  } else if (conventions_.from == From::probs) {
    drop_floored(conventions_.log_floor, log_p, derivative);
    if (is_normalized()) {
      from_normalized(raw, log_p, derivative);
      return;
    }
    for (std::size_t i = 0; i < derivative.size(); ++i) {
      derivative[i] = is_clipped(raw[i], log_p[i]) ? 0.0 : derivative[i] / raw[i];
    }
  }
}

/// The logarithms of the bounds.
std::pair<double, double> ClassPredictions::log_clip() const {
  return {std::log(clip_.low), std::log1p(-clip_.below_one)};
}

/// What was clipped has no slope; what passes goes through softmax as it was before.
void ClassPredictions::from_clipped_softmax(std::span<const double> logits,
                                            std::span<double> derivative) const {
  std::vector<double> log_p(logits.begin(), logits.end());
  log_softmax(block_shape(), log_p);
  const auto [low, high] = log_clip();
  for (std::size_t i = 0; i < derivative.size(); ++i) {
    if (!(log_p[i] >= low && log_p[i] <= high)) derivative[i] = 0.0;
  }
  log_softmax_backward(block_shape(), log_p, derivative);
}

/// Through p_k = x_k / sum_c x_c: dl/dx_k = (dl/dp_k - sum_c p_c dl/dp_c) / sum_c x_c, where x or p
/// is the clipped one.
void ClassPredictions::from_normalized(std::span<const double> raw, std::span<const double> log_p,
                                       std::span<double> derivative) const {
  const BlockShape shape = block_shape();
  const bool clips_first = conventions_.normalize == Normalize::after_clip;
  for (std::size_t j = 0; j < shape.stride; ++j) {
    double sum = 0.0;
    double mean = 0.0;
    for (std::size_t i = j; i < shape.size(); i += shape.stride) {
      sum += clips_first ? std::clamp(raw[i], clip_.low, clip_.high()) : raw[i];
      if (clips_first || !is_clipped(raw[i], log_p[i])) mean += derivative[i];
    }
    for (std::size_t i = j; i < shape.size(); i += shape.stride) {
      const bool clipped = is_clipped(raw[i], log_p[i]);
      const double slope = clipped && !clips_first ? 0.0 : derivative[i] / std::exp(log_p[i]);
      derivative[i] = clipped && clips_first ? 0.0 : (slope - mean) / sum;
    }
  }
}

bool ClassPredictions::is_clipped(double raw, double log_p) const {
  if (conventions_.from != From::probs) return false;
  if (clip_.are_open()) return !(raw >= 0.0);
  const bool normalized_first = conventions_.normalize == Normalize::before_clip;
  const double p = normalized_first ? std::exp(log_p) : raw;
  // exp(log(low)) may miss low by a rounding.
  const double rounding = normalized_first ? 4.0 * 0x1p-52 : 0.0;
  return !(p >= clip_.low * (1.0 + rounding) && p <= clip_.high() * (1.0 - rounding));
}

void ClassPredictions::from_log_bernoulli(std::span<const double> raw,
                                          std::span<const double> log_p,
                                          std::span<const double> log_q, std::span<double> by_log_p,
                                          std::span<const double> by_log_q) const {
  if (conventions_.from == From::logits) {
    log_sigmoid_backward(log_p, log_q, by_log_p, by_log_q);
  } else {
    log_bernoulli_backward(raw, clip_, by_log_p, by_log_q);
  }
}

void ClassPredictions::from_probabilities(std::span<const double> probabilities,
                                          std::span<double> derivative) const {
  if (conventions_.from != From::logits) return;
  if (is_sigmoid()) {
    for (std::size_t i = 0; i < derivative.size(); ++i)
      derivative[i] *= probabilities[i] * (1.0 - probabilities[i]);
  } else {
    softmax_backward(block_shape(), probabilities, derivative);
  }
}

void ClassPredictions::round(double rounding, std::span<double> log_p,
                             std::span<double> log_q) const {
  if (rounding == 0.0 || conventions_.from != From::logits) return;
  if (is_sigmoid()) {
    round_down(rounding, log_p, log_q);
  } else {
    round_down(rounding, log_p);
  }
}

Interior ClassPredictions::interior() const {
  switch (conventions_.from) {
    case From::probs: return {clip_.low, clip_.high()};
    case From::log_probs: return {-infinity, has_links_ ? 0.0 : infinity};
    case From::logits: break;
  }
  return {-infinity, infinity};
}

double ClassPredictions::row_sum(std::size_t position) const {
  double sum = 0.0;
  for (std::size_t c = 0; c < layout_.classes; ++c)
    sum += element(prediction_, layout_.flat(position, c));
  return sum;
}

void ClassPredictions::raise(const DataIssues& issues) const {
  if (const DataIssueCount& bad = issues[DataIssue::prediction_outside_unit_interval];
      bad.count > 0) {
    throw Error(ErrorCode::out_of_range,
                "expected a probability in [0, 1], found " +
                    text::shortest(element(prediction_, bad.first)) +
                    and_more(bad.count, "row", "rows"),
                prediction_.place(bad.first),
                "add --from logits if these are logits, --from log-probs for their logarithms");
  }
  if (const DataIssueCount& bad = issues[DataIssue::row_not_normalized]; bad.count > 0) {
    throw Error(ErrorCode::not_normalized,
                "expected probabilities that sum to 1 within 0.001, found the sum " +
                    text::rounded(row_sum(bad.first), 6) + and_more(bad.count, "row", "rows"),
                prediction_.place(layout_.flat(bad.first, 0)),
                "add --from logits if these are logits, or --no-check to use the rows as given");
  }
}

void ClassPredictions::warn(const DataIssues& issues, std::vector<Warning>& warnings) const {
  const std::size_t likely = issues[DataIssue::looks_like_probabilities].count;
  if (likely > 0 && likely == layout_.positions()) {
    warnings.push_back({"probabilities-as-logits",
                        is_sigmoid() ? "every logit lies in [0, 1]: these look like probabilities; "
                                       "use --from probs if they are"
                                     : "every row of logits is non-negative and sums to 1: these "
                                       "look like probabilities; use --from probs if they are"});
  }
  if (!is_sigmoid() && layout_.classes == 1 && conventions_.from == From::logits) {
    warnings.push_back(
        {"single-class",
         std::string(
             "pred has one class, and the softmax of one logit is always 1; for a yes-or-no "
             "answer ") +
             (has_links_ ? "type --link sigmoid" : "use binary-cross-entropy")});
  }
  if (const std::size_t clipped = issues[DataIssue::clipped].count; clipped > 0) {
    warnings.push_back({"clipped", counted(clipped, "probability was", "probabilities were") +
                                       " clipped to " + interval_text(clip_)});
  }
}

}  // namespace losscalc::evaluation
