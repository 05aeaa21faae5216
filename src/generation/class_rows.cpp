#include "generation/class_rows.h"

#include <algorithm>
#include <cmath>

#include "numeric/softmax.h"

namespace losscalc::generation {
namespace {

constexpr double logit_deviation = 2.0;
constexpr double largest_logit = 100.0;
constexpr double smallest_probability = 1e-12;
constexpr double largest_probability = 1.0 - 1e-9;

/// Makes two of the logits (nearly) equal. One without rivals is half of the time (nearly) 0, where
/// yes and no tie.
void tie(Row& logits, Random& random) {
  const double distance = random.kink_distance();
  if (logits.size() == 1) {
    if (random.chance(0.5)) logits[0] = distance;
    return;
  }
  const std::size_t to = random.below(logits.size());
  const std::size_t from = (to + 1 + random.below(logits.size() - 1)) % logits.size();
  logits[to] = logits[from] + distance;
}

}  // namespace

double logit_scale(Regime regime, Random& random) {
  return regime == Regime::extreme ? logit_deviation * random.power_of_ten(0.0, 2.0)
                                   : logit_deviation;
}

double random_logit(double scale, Random& random) {
  return std::clamp(scale * random.normal(), -largest_logit, largest_logit);
}

void fill_logits(Row& row, Regime regime, Random& random) {
  const double scale = logit_scale(regime, random);
  for (double& logit : row) logit = random_logit(scale, random);
  if (regime == Regime::kinks) tie(row, random);
}

namespace {

/// Of a single yes-or-no answer.
double random_probability(Regime regime, Random& random) {
  if (regime != Regime::extreme) return sigmoid(random_logit(logit_deviation, random));
  const double small = random.power_of_ten(std::log10(smallest_probability), std::log10(0.5));
  const double p = random.chance(0.5) ? small : 1.0 - small;
  return std::clamp(p, smallest_probability, largest_probability);
}

/// One class has nearly all, another up to half of the rest, and the others anything below.
void fill_extreme_distribution(Row& row, Random& random) {
  constexpr double smallest_rest = -8.5;  // half of 10^-8.5 is still above 1 - largest_probability
  const std::size_t winner = random.below(row.size());
  const double rest = 0.5 * random.power_of_ten(smallest_rest, 0.0);
  double others = 0.0;
  for (std::size_t step = 1; step < row.size(); ++step) {
    double& p = row[(winner + step) % row.size()];
    p = rest;
    if (step > 1) {
      p *= random.power_of_ten(std::log10(smallest_probability / rest), 0.0);
      p /= static_cast<double>(row.size() - 2);
    }
    p = std::max(p, smallest_probability);
    others += p;
  }
  row[winner] = std::max(1.0 - others, smallest_probability);
}

void fill_distribution(Row& row, Regime regime, Random& random) {
  if (regime == Regime::extreme) {
    fill_extreme_distribution(row, random);
  } else {
    fill_logits(row, regime, random);
    softmax(row);
  }
}

}  // namespace

void fill_class_row(From from, Link link, Regime regime, Row& row, Random& random) {
  if (from == From::logits) {
    fill_logits(row, regime, random);
  } else if (link == Link::softmax && row.size() > 1) {
    fill_distribution(row, regime, random);
  } else if (regime == Regime::extreme) {
    for (double& p : row) p = random_probability(regime, random);
  } else {
    fill_logits(row, regime, random);
    for (double& p : row) p = sigmoid(p);
  }
  if (from == From::log_probs) {
    for (double& p : row) p = std::log(p);
  }
}

void move_scores_to_kink(Row& scores, std::size_t right, double margin, Random& random) {
  if (scores.size() < 2) return;
  const std::size_t rival = (right + 1 + random.below(scores.size() - 1)) % scores.size();
  if (scores.size() > 2 && random.chance(0.5)) {
    std::size_t other = right;
    while (other == right || other == rival) other = random.below(scores.size());
    scores[rival] = std::ranges::max(scores);
    scores[other] = scores[rival] + random.kink_distance();
    return;
  }
  // Half of the time from 0, for other sums would round the smallest distances away.
  if (random.chance(0.5)) scores[right] = 0.0;
  const double distance = random.kink_distance();
  if (distance == 0.0 && (scores[right] - margin) - scores[right] + margin != 0.0)
    scores[right] = 0.0;
  scores[rival] = scores[right] - margin + distance;
  // The worst rival alone counts in one form of the loss.
  if (!random.chance(0.5)) return;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    if (c != right) scores[c] = std::min(scores[c], scores[rival]);
  }
}

}  // namespace losscalc::generation
