#include <cmath>

#include "generation/domains.h"

namespace losscalc::generation {
namespace {

/// What a box covers of one axis.
struct Side {
  double low = 0.0;
  double high = 0.0;

  double length() const { return high - low; }
};

struct SidePair {
  Side prediction;
  Side target;
};

/// Coordinates on this grid are added, subtracted and halved without rounding, so that edges that
/// coincide do so in every box format.
double on_grid(double x) { return std::round(x * 0x1p20) * 0x1p-20; }

SidePair overlapping(double length_p, double length_t, double centre_t, double shift) {
  const double centre_p = centre_t + shift;
  return {{centre_p - 0.5 * length_p, centre_p + 0.5 * length_p},
          {centre_t - 0.5 * length_t, centre_t + 0.5 * length_t}};
}

SidePair ordinary(Random& random) {
  const double length_p = random.uniform(0.2, 1.0);
  const double length_t = random.uniform(0.2, 1.0);
  const double centre_p = random.uniform();
  const double centre_t = random.uniform();
  return overlapping(length_p, length_t, centre_t, centre_p - centre_t);
}

/// Sizes over six orders of magnitude; the shift follows them, for boxes to overlap at all.
SidePair extreme(Random& random) {
  const double length_p = random.power_of_ten(-4.0, 2.0);
  const double length_t = random.power_of_ten(-4.0, 2.0);
  const double centre_t = random.uniform();
  const double shift = random.uniform(-0.6, 0.6) * (length_p + length_t);
  return overlapping(length_p, length_t, centre_t, shift);
}

enum class Meeting : std::uint8_t { low_edges, high_edges, both, before, behind, none };

/// Edges of the prediction moved to those of the target: next to one of the same side (a tie of
/// maxima or minima) or of the other side (where the overlap begins).
SidePair at_kink(Meeting meeting, Random& random) {
  SidePair pair = ordinary(random);
  for (Side* side : {&pair.prediction, &pair.target})
    *side = {on_grid(side->low), on_grid(side->high)};
  const auto& [low, high] = pair.target;
  const double length = pair.prediction.length();
  // Halved, two of them never use up the shortest of sides.
  const double distance = 0.5 * random.kink_distance();
  switch (meeting) {
    case Meeting::low_edges: pair.prediction = {low + distance, low + length}; break;
    case Meeting::high_edges: pair.prediction = {high - length, high + distance}; break;
    case Meeting::both:
      pair.prediction = {low + distance, high + 0.5 * random.kink_distance()};
      break;
    case Meeting::before: pair.prediction = {low - length, low + distance}; break;
    case Meeting::behind: pair.prediction = {high + distance, high + length}; break;
    case Meeting::none: break;
  }
  return pair;
}

void write(BoxFormat format, const Side& x, const Side& y, std::vector<double>& out) {
  switch (format) {
    case BoxFormat::xyxy: out.insert(out.end(), {x.low, y.low, x.high, y.high}); break;
    case BoxFormat::cxcywh:
      out.insert(out.end(),
                 {0.5 * (x.low + x.high), 0.5 * (y.low + y.high), x.length(), y.length()});
      break;
    case BoxFormat::xywh: out.insert(out.end(), {x.low, y.low, x.length(), y.length()}); break;
  }
}

struct BoxPair {
  SidePair x;
  SidePair y;
};

BoxPair random_pair(Regime regime, Random& random) {
  BoxPair pair;
  if (regime != Regime::kinks) {
    const auto side = regime == Regime::extreme ? extreme : ordinary;
    pair.x = side(random);
    pair.y = side(random);
    return pair;
  }
  // One axis is always at a kink; it may be either.
  const auto first = static_cast<Meeting>(random.below(5));
  const auto second = static_cast<Meeting>(random.below(6));
  const bool x_first = random.chance(0.5);
  pair.x = at_kink(x_first ? first : second, random);
  pair.y = at_kink(x_first ? second : first, random);
  return pair;
}

}  // namespace

evaluation::Inputs box_inputs(const InputRequest& request, Random& random) {
  const auto& [loss, parameters, conventions, shape, regime] = request;
  std::vector<double> predictions;
  std::vector<double> targets;
  const std::size_t entries = element_count(shape);
  predictions.reserve(entries);
  targets.reserve(entries);
  while (predictions.size() < entries) {
    const BoxPair pair = random_pair(regime, random);
    write(conventions.boxes, pair.x.prediction, pair.y.prediction, predictions);
    write(conventions.boxes, pair.x.target, pair.y.target, targets);
  }
  evaluation::Inputs inputs;
  inputs["pred"] = {evaluation::in_memory(std::move(predictions), shape, "pred")};
  inputs["target"] = {evaluation::in_memory(std::move(targets), shape, "target")};
  return inputs;
}

}  // namespace losscalc::generation
