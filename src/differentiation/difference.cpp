#include "differentiation/difference.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "numeric/limits.h"

namespace losscalc::differentiation {
namespace {

/// The largest power of two that is not above x.
double power_of_two(double x) { return std::exp2(std::floor(std::log2(x))); }

/// A value on either side of the point; distances are those really taken.
struct Pair {
  double step = 0.0;
  double above = 0.0;
  double below = 0.0;
  double distance_above = 0.0;
  double distance_below = 0.0;

  /// Free of curvature even where the two distances differ by rounding.
  double central(double at_point) const {
    return (distance_below * forward(at_point) + distance_above * backward(at_point)) /
           (distance_above + distance_below);
  }
  double forward(double at_point) const { return (above - at_point) / distance_above; }
  double backward(double at_point) const { return (at_point - below) / distance_below; }
  /// f(x+h) - 2 f(x) + f(x-h), free of the slope even where the two distances differ by rounding.
  double bend(double at_point) const {
    return (forward(at_point) - backward(at_point)) * 0.5 * (distance_above + distance_below);
  }
};

Pair values_around(const Function& f, double x, double step) {
  const double up = x + step;
  const double down = x - step;
  return {step, f(up), f(down), up - x, x - down};
}

/// Pairs for halved steps, the smallest first.
std::vector<Pair> ladder(const Function& f, const Point& point) {
  const double largest = power_of_two(std::min(0.125 * point.scale(), 0.9 * point.room()));
  const double smallest = std::max(64.0 * epsilon * std::fabs(point.x), 1e-12 * point.scale());
  std::vector<Pair> pairs;
  for (double h = largest; h >= smallest; h *= 0.5) pairs.push_back(values_around(f, point.x, h));
  std::ranges::reverse(pairs);
  return pairs;
}

/// How far a single value may be off. The combination 8 b(h) - 6 b(2h) + b(4h) of bends is free of
/// |h| and of h^2, so neither a kink at the point nor curvature is taken for noise. Of these over
/// the smallest steps, the one at `quantile` counts.
double noise_of(const std::vector<Pair>& pairs, double at_point, double quantile) {
  std::vector<double> rough;
  for (std::size_t i = 0; i + 2 < pairs.size() && i < 16; ++i) {
    rough.push_back(std::fabs(8.0 * pairs[i].bend(at_point) - 6.0 * pairs[i + 1].bend(at_point) +
                              pairs[i + 2].bend(at_point)) /
                    15.0);
  }
  double noise = 0.0;
  if (!rough.empty()) {
    const auto rank = static_cast<std::ptrdiff_t>(quantile * static_cast<double>(rough.size() - 1));
    std::ranges::nth_element(rough, rough.begin() + rank);
    noise = rough[static_cast<std::size_t>(rank)];
  }
  // Near the point values may be small differences of what is large farther off.
  double near = std::fabs(at_point);
  for (std::size_t i = 0; i < pairs.size() && i < 16; ++i)
    near = std::max({near, std::fabs(pairs[i].above), std::fabs(pairs[i].below)});
  return std::max(noise, epsilon * near);
}

bool is_constant(const std::vector<Pair>& pairs, double at_point) {
  return std::ranges::all_of(pairs, [at_point](const Pair& pair) {
    return pair.above == at_point && pair.below == at_point;
  });
}

/// Where values stand still over the two smallest steps, the first jump shows how coarse they are.
double coarseness(const std::vector<Pair>& pairs, double at_point, double x) {
  const auto flat = [at_point](const Pair& p) {
    return p.above == at_point && p.below == at_point;
  };
  if (pairs.size() < 2 || !flat(pairs[0]) || !flat(pairs[1])) return 0.0;
  for (const Pair& pair : pairs) {
    if (flat(pair)) continue;
    const double jump =
        std::max(std::fabs(pair.above - at_point), std::fabs(pair.below - at_point));
    const double limit = 16.0 * epsilon * std::max({1.0, std::fabs(at_point), std::fabs(x)});
    return jump < limit ? jump : 0.0;
  }
  return 0.0;
}

/// Quotients over halved steps, smallest step first, with the noise of each.
struct Column {
  std::vector<double> value;
  std::vector<double> noise;
};

/// The next column of Richardson's tableau, where the leading error shrinks by `factor` as the step
/// is halved.
Column extrapolated(const Column& column, double factor) {
  Column next;
  for (std::size_t i = 0; i + 1 < column.value.size(); ++i) {
    next.value.push_back((factor * column.value[i] - column.value[i + 1]) / (factor - 1.0));
    next.noise.push_back((factor * column.noise[i] + column.noise[i + 1]) / (factor - 1.0));
  }
  return next;
}

/// An estimate and the entry of its column that it rests on.
struct Balanced {
  Estimate estimate{0.0, infinity};
  std::size_t at = 0;
};

/// Lepski's rule: from entry `start` upwards while all intervals meet, at least three.
Balanced balanced(const Column& column, std::size_t start) {
  Balanced best;
  double low = -infinity;
  double high = infinity;
  for (std::size_t i = start; i < column.value.size(); ++i) {
    const double width = 3.0 * column.noise[i];
    if (!std::isfinite(column.value[i])) break;
    low = std::max(low, column.value[i] - width);
    high = std::min(high, column.value[i] + width);
    if (!(low <= high)) break;
    // Where values grow with the step, so does their noise: the last interval may not be the best.
    const bool counts = i >= start + 2 && 4.0 * width <= best.estimate.error;
    if (counts) best = {{column.value[i], 4.0 * width}, i};
  }
  return best;
}

const Balanced& better(const Balanced& a, const Balanced& b) {
  return b.estimate.error < a.estimate.error ? b : a;
}

/// The best of the orders 0, 1 and 2.
Balanced balanced_orders(Column column, std::array<double, 2> factors, std::size_t start) {
  Balanced best = balanced(column, start);
  for (const double factor : factors) {
    column = extrapolated(column, factor);
    best = better(best, balanced(column, start));
  }
  return best;
}

struct Columns {
  Column both;
  Column left;
  Column right;
};

Columns columns_of(const std::vector<Pair>& pairs, double at_point, double noise) {
  Columns columns;
  for (const Pair& pair : pairs) {
    // Far off, values may be larger, and with them their rounding.
    const double here =
        std::max(noise, epsilon * std::max(std::fabs(pair.above), std::fabs(pair.below)));
    columns.both.value.push_back(pair.central(at_point));
    columns.both.noise.push_back(here / pair.step);
    columns.left.value.push_back(pair.backward(at_point));
    columns.right.value.push_back(pair.forward(at_point));
    columns.left.noise.push_back(2.0 * here / pair.step);
    columns.right.noise.push_back(2.0 * here / pair.step);
  }
  return columns;
}

/// The slopes of both sides as seen from steps of entry `start` on.
void look_from(const Columns& columns, std::size_t start, Derivative& derivative) {
  constexpr std::array<double, 2> powers{2.0, 4.0};  // errors of h and h^2
  derivative.left = balanced_orders(columns.left, powers, start).estimate;
  derivative.right = balanced_orders(columns.right, powers, start).estimate;
  derivative.kink = std::fabs(derivative.right.value - derivative.left.value) >
                    2.0 * (derivative.right.error + derivative.left.error);
}

}  // namespace

double Point::scale() const { return std::min(std::max(1.0, std::fabs(x)), room()); }

double Point::room() const { return std::min(x - lower, upper - x); }

Quick quick_difference(const Function& f, const Point& point, double at_point, double known_noise) {
  const double h = power_of_two(2e-5 * point.scale());
  const Pair near = values_around(f, point.x, h);
  const Pair far = values_around(f, point.x, 2.0 * h);
  const double largest =
      std::max({std::fabs(at_point), std::fabs(near.above), std::fabs(near.below),
                std::fabs(far.above), std::fabs(far.below)});
  const double noise = 6.0 * std::max(epsilon * largest, known_noise) / h;
  const double first = near.central(at_point);
  const double second = far.central(at_point);
  Quick quick;
  quick.estimate = {(4.0 * first - second) / 3.0, 2.0 * std::fabs(first - second) + noise};
  // Of a smooth function, the bend over the doubled step is four times as large.
  const double bend = near.bend(at_point) / h;
  const double far_bend = far.bend(at_point) / h;
  quick.suspects_kink = !(std::fabs(4.0 * bend - far_bend) <= 16.0 * noise);
  return quick;
}

namespace {

/// What pairs of values say if each value is off by up to `noise`; and the step that the estimate
/// from both sides rests on.
struct Look {
  Derivative derivative;
  double step = 0.0;
};

Look look(const std::vector<Pair>& pairs, double at_point, double noise, const Point& point) {
  Look result;
  Derivative& derivative = result.derivative;
  const Columns columns = columns_of(pairs, at_point, noise);
  constexpr std::array<double, 2> even_powers{4.0, 16.0};  // errors of h^2 and h^4
  const Balanced both = balanced_orders(columns.both, even_powers, 0);
  derivative.both = both.estimate;
  result.step = pairs[both.at].step;
  look_from(columns, 0, derivative);
  if (derivative.kink) return result;
  // A bend that is too small for the slopes of single sides to show may still tilt what is seen
  // from both: to the far steps of a cone, its slope close to the tip looks flat.
  derivative.both.error =
      std::max(derivative.both.error, 0.5 * (derivative.left.error + derivative.right.error));
  // A kink so near that the smallest steps drown in noise before they tell: seen from farther off,
  // the two slopes part. It matters unless the estimate rests on steps that stay on this side of
  // it.
  for (std::size_t start = 1; start < pairs.size(); ++start) {
    if (pairs[start].step > 1e-6 * point.scale()) break;
    Derivative seen;
    look_from(columns, start, seen);
    const double gap = std::fabs(seen.right.value - seen.left.value);
    const bool rests_beyond = both.at >= start || derivative.both.error > 0.1 * gap;
    if (seen.kink && rests_beyond) {
      seen.both = derivative.both;
      seen.kink_within = pairs[start].step;
      derivative = seen;
      return result;
    }
  }
  return result;
}

}  // namespace

Derivative adaptive_difference(const Function& f, const Point& point, double known_noise) {
  constexpr Estimate nothing{0.0, infinity};
  if (!(point.room() > 0.0)) return {.both = nothing, .left = nothing, .right = nothing};
  const double at_point = f(point.x);
  const std::vector<Pair> pairs = ladder(f, point);
  if (!std::isfinite(at_point) || pairs.size() < 3)
    return {.both = nothing, .left = nothing, .right = nothing};
  if (is_constant(pairs, at_point)) {
    // A slope too small to change the last digit over the largest step can't be told from none.
    const Estimate unseen{0.0, 4.0 * epsilon * std::fabs(at_point) / pairs.back().step};
    return {.both = unseen, .left = unseen, .right = unseen};
  }
  const double smallest_noise = std::max(known_noise, coarseness(pairs, at_point, point.x));
  const auto look_with = [&](double quantile) {
    return look(pairs, at_point, std::max(smallest_noise, noise_of(pairs, at_point, quantile)),
                point);
  };
  const Look usual = look_with(0.7);
  // Intervals that part at tiny steps already, with no kink to part them, were too narrow.
  const bool parted = usual.step < 1e-8 * point.scale() && !usual.derivative.kink;
  return parted ? look_with(1.0).derivative : usual.derivative;
}

namespace {

Estimate ridders(const Function& f, const Point& point, double step, double at_point) {
  constexpr double shrink = 1.4;
  constexpr std::size_t levels = 10;
  Estimate best{0.0, infinity};
  std::vector<double> previous;
  double h = step > 0.0 ? step : 0.1 * point.scale();
  h = std::min(h, 0.9 * point.room());
  double largest = std::fabs(at_point);
  for (std::size_t i = 0; i < levels; ++i, h /= shrink) {
    const Pair pair = values_around(f, point.x, h);
    largest = std::max({largest, std::fabs(pair.above), std::fabs(pair.below)});
    const double floor = 3.0 * epsilon * largest / h;
    std::vector<double> row{pair.central(at_point)};
    double factor = shrink * shrink;
    for (std::size_t k = 1; k <= i; ++k, factor *= shrink * shrink) {
      row.push_back((factor * row[k - 1] - previous[k - 1]) / (factor - 1.0));
      const double error =
          std::max(std::fabs(row[k] - row[k - 1]), std::fabs(row[k] - previous[k - 1])) + floor;
      if (error <= best.error) best = {row[k], error};
    }
    if (i > 0 && std::fabs(row[i] - previous[i - 1]) >= 2.0 * best.error) break;
    previous = std::move(row);
  }
  return best;
}

}  // namespace

Estimate scheme_difference(Scheme scheme, const Function& f, const Point& point, double step) {
  if (!(point.room() > 0.0)) return {0.0, infinity};
  const double at_point = f(point.x);
  if (scheme == Scheme::ridders) return ridders(f, point, step, at_point);
  double h = step;
  if (!(h > 0.0)) h = power_of_two(point.scale()) * (scheme == Scheme::forward ? 0x1p-26 : 0x1p-17);
  h = std::min(h, 0.45 * point.room());
  const Pair near = values_around(f, point.x, h);
  const Pair far = values_around(f, point.x, 2.0 * h);
  const double noise = 2.0 * epsilon *
                       std::max({std::fabs(at_point), std::fabs(far.above), std::fabs(far.below)}) /
                       h;
  const bool forward = scheme == Scheme::forward;
  const double value = forward ? near.forward(at_point) : near.central(at_point);
  const double other = forward ? far.forward(at_point) : far.central(at_point);
  return {value, 2.0 * std::fabs(value - other) + noise};
}

std::vector<SweepRow> sweep(const Function& f, const Point& point) {
  std::vector<SweepRow> rows;
  if (!(point.room() > 0.0)) return rows;
  const double at_point = f(point.x);
  const double smallest = std::max(epsilon * std::fabs(point.x), 1e-17 * point.scale());
  for (double h = power_of_two(0.5 * point.scale()); h >= smallest; h *= 0.25) {
    const Pair pair = values_around(f, point.x, h);
    rows.push_back({h, pair.central(at_point), pair.forward(at_point), pair.backward(at_point)});
  }
  return rows;
}

}  // namespace losscalc::differentiation
