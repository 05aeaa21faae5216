#include "evaluation/softmax.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "formula/lanes.h"

namespace losscalc::evaluation {
namespace {

using formula::exp_lanes;
using formula::lane_count;
using formula::Lanes;
using formula::lanes_of;
using formula::load_lanes;
using formula::store_lanes;
using formula::sum_of_lanes;

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Above it, a difference of logits is left to the careful way.
constexpr double most = 690.0;

inline Lanes smaller(Lanes a, Lanes b) { return a < b ? a : b; }
inline Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }

double smallest_lane(Lanes x) { return std::min(std::min(x[0], x[1]), std::min(x[2], x[3])); }
double largest_lane(Lanes x) { return std::max(std::max(x[0], x[1]), std::max(x[2], x[3])); }

/// exp of a difference of logits; no more than exp(most).
[[gnu::always_inline]] inline Lanes exp_of_difference(Lanes x) {
  const Lanes limit = lanes_of(most);
  return exp_lanes(x > limit ? limit : x);
}

/// Whether a sum of such exponentials holds one that was limited, or NaN.
bool needs_care(double others) { return !(others < 1e299); }

/// log p_t where logits may differ by more than the exponent's range, or be infinite.
double careful_log_p(double target, const auto& logit, std::size_t target_class,
                     std::size_t classes) {
  double largest = target;
  for (std::size_t c = 0; c < classes; ++c) {
    if (c != target_class) largest = std::isnan(logit(c)) ? logit(c) : std::max(largest, logit(c));
    if (std::isnan(largest)) return largest;
  }
  if (largest == -infinity) return std::numeric_limits<double>::quiet_NaN();
  double sum = std::exp(target - largest);
  for (std::size_t c = 0; c < classes; ++c) {
    if (c != target_class) sum += std::exp(logit(c) - largest);
  }
  return (target - largest) - std::log(sum);
}

/// -log(1 + x), in place, of whole vectors. What stands for an exponential below the smallest
/// number counts as 0.
void minus_log1p(std::span<double> values) {
  for (std::size_t i = 0; i < values.size(); i += lane_count) {
    const Lanes x = load_lanes(values.data() + i);
    const Lanes logs = formula::log1p_lanes(x < lanes_of(1e-300) ? lanes_of(0.0) : x);
    store_lanes(0.0 - logs, values.data() + i);
  }
}

/// The rest of a row behind its last full vectors, filled up.
class Tail {
 public:
  Tail(std::span<const double> row, double filling) {
    values_.fill(filling);
    std::ranges::copy(row.subspan(row.size() - row.size() % lane_count), values_.begin());
  }
  Lanes lanes() const { return load_lanes(values_.data()); }

 private:
  std::array<double, lane_count> values_{};
};

double sum_of_exponentials(std::span<const double> row, double origin) {
  const Lanes from = lanes_of(origin);
  Lanes even = lanes_of(0.0);
  Lanes odd = lanes_of(0.0);
  std::size_t c = 0;
  for (; c + 2 * lane_count <= row.size(); c += 2 * lane_count) {
    even += exp_of_difference(load_lanes(row.data() + c) - from);
    odd += exp_of_difference(load_lanes(row.data() + c + lane_count) - from);
  }
  if (c + lane_count <= row.size()) even += exp_of_difference(load_lanes(row.data() + c) - from);
  if (row.size() % lane_count != 0) odd += exp_of_difference(Tail(row, -infinity).lanes() - from);
  return sum_of_lanes(even + odd);
}

}  // namespace

void measure_block(BlockShape shape, std::span<const double> block, RowStatistics& statistics) {
  statistics.sum.assign(shape.stride, 0.0);
  statistics.smallest.assign(shape.stride, infinity);
  statistics.largest.assign(shape.stride, -infinity);
  for (std::size_t c = 0; c < shape.classes; ++c) {
    const double* const p = block.data() + c * shape.stride;
    for (std::size_t j = 0; j < shape.stride; ++j) {
      statistics.sum[j] += p[j];
      statistics.smallest[j] = std::min(statistics.smallest[j], p[j]);
      statistics.largest[j] = std::max(statistics.largest[j], p[j]);
    }
  }
}

void measure_rows(std::size_t classes, std::span<const double> rows, RowStatistics& statistics) {
  const std::size_t count = rows.size() / classes;
  statistics.sum.resize(count);
  statistics.smallest.resize(count);
  statistics.largest.resize(count);
  for (std::size_t j = 0; j < count; ++j) {
    const std::span<const double> row = rows.subspan(j * classes, classes);
    Lanes sum = lanes_of(0.0);
    Lanes smallest = lanes_of(infinity);
    Lanes largest = lanes_of(-infinity);
    for (std::size_t c = 0; c + lane_count <= classes; c += lane_count) {
      const Lanes p = load_lanes(row.data() + c);
      sum += p;
      smallest = smaller(p, smallest);
      largest = larger(p, largest);
    }
    if (classes % lane_count != 0) {
      sum += Tail(row, 0.0).lanes();
      smallest = smaller(Tail(row, infinity).lanes(), smallest);
      largest = larger(Tail(row, -infinity).lanes(), largest);
    }
    statistics.sum[j] = sum_of_lanes(sum);
    statistics.smallest[j] = smallest_lane(smallest);
    statistics.largest[j] = largest_lane(largest);
  }
}

void softmax(BlockShape shape, std::span<double> block) {
  for (std::size_t j = 0; j < shape.stride; j += lane_count) {
    double* const column = block.data() + j;
    Lanes largest = load_lanes(column);
    for (std::size_t c = 1; c < shape.classes; ++c)
      largest = larger(load_lanes(column + c * shape.stride), largest);
    Lanes sum = lanes_of(0.0);
    for (std::size_t c = 0; c < shape.classes; ++c) {
      const Lanes difference = load_lanes(column + c * shape.stride) - largest;
      Lanes p = exp_lanes(difference);
      p = difference < lanes_of(-708.0) ? lanes_of(0.0) : p;
      store_lanes(p, column + c * shape.stride);
      sum += p;
    }
    for (std::size_t c = 0; c < shape.classes; ++c)
      store_lanes(load_lanes(column + c * shape.stride) / sum, column + c * shape.stride);
  }
}

void log_softmax_of_target(BlockShape shape, std::span<double> block,
                           std::span<const std::uint32_t> targets, std::span<double> log_p) {
  const std::size_t count = targets.size();
  AlignedVector origin(shape.stride, 0.0);
  AlignedVector others(shape.stride, 0.0);
  for (std::size_t j = 0; j < count; ++j)
    origin[j] = std::exchange(block[targets[j] * shape.stride + j], -infinity);
  for (std::size_t j = 0; j < shape.stride; j += lane_count) {
    const Lanes from = load_lanes(origin.data() + j);
    Lanes sum = lanes_of(0.0);
    for (std::size_t c = 0; c < shape.classes; ++c)
      sum += exp_of_difference(load_lanes(block.data() + c * shape.stride + j) - from);
    store_lanes(sum, others.data() + j);
  }
  AlignedVector logs = others;
  minus_log1p(logs);
  for (std::size_t j = 0; j < count; ++j) {
    log_p[j] = logs[j];
    if (!needs_care(others[j])) continue;
    const auto logit = [&](std::size_t c) { return block[c * shape.stride + j]; };
    log_p[j] = careful_log_p(origin[j], logit, targets[j], shape.classes);
  }
}

void log_softmax_of_target_in_rows(std::size_t classes, std::span<double> rows,
                                   std::span<const std::uint32_t> targets,
                                   std::span<double> log_p) {
  const std::size_t count = targets.size();
  AlignedVector origin(padded(count), 0.0);
  AlignedVector others(padded(count), 0.0);
  for (std::size_t j = 0; j < count; ++j) {
    const std::span<double> row = rows.subspan(j * classes, classes);
    origin[j] = std::exchange(row[targets[j]], -infinity);
    others[j] = sum_of_exponentials(row, origin[j]);
  }
  AlignedVector logs = others;
  minus_log1p(logs);
  for (std::size_t j = 0; j < count; ++j) {
    log_p[j] = logs[j];
    if (!needs_care(others[j])) continue;
    const auto logit = [&](std::size_t c) { return rows[j * classes + c]; };
    log_p[j] = careful_log_p(origin[j], logit, targets[j], classes);
  }
}

}  // namespace losscalc::evaluation
