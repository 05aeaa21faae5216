#include "evaluation/links/softmax.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "evaluation/links/exponential_sum.h"
#include "formula/lanes.h"
#include "numeric/limits.h"

namespace losscalc::evaluation {
namespace {

using formula::exp_lanes;
using formula::lane_count;
using formula::Lanes;
using formula::lanes_of;
using formula::load_lanes;
using formula::store_lanes;
using formula::sum_of_lanes;

inline Lanes smaller(Lanes a, Lanes b) { return a < b ? a : b; }
inline Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }

double smallest_lane(Lanes x) { return std::min(std::min(x[0], x[1]), std::min(x[2], x[3])); }
double largest_lane(Lanes x) { return std::max(std::max(x[0], x[1]), std::max(x[2], x[3])); }

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
  if (largest == -infinity) return quiet_nan;
  double sum = std::exp(target - largest);
  for (std::size_t c = 0; c < classes; ++c) {
    if (c != target_class) sum += std::exp(logit(c) - largest);
  }
  return (target - largest) - std::log(sum);
}

/// -log(1 + x) of the first values, which are followed by others up to whole vectors. What stands
/// for an exponential below the smallest number counts as 0.
void minus_log1p(std::span<const double> values, std::span<double> out) {
  const auto at = [&](std::size_t i) {
    const Lanes x = load_lanes(values.data() + i);
    return 0.0 - formula::log1p_lanes(x < lanes_of(1e-300) ? lanes_of(0.0) : x);
  };
  std::size_t i = 0;
  for (; i + lane_count <= out.size(); i += lane_count) store_lanes(at(i), out.data() + i);
  if (i == out.size()) return;
  std::array<double, lane_count> last{};
  store_lanes(at(i), last.data());
  std::copy_n(last.begin(), out.size() - i, out.begin() + static_cast<std::ptrdiff_t>(i));
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

namespace {

/// -log(1 + others[j]), and what stands for it where logits lie too far apart.
void finish_log_p(std::span<const double> others, std::span<const std::uint32_t> targets,
                  std::size_t classes, std::span<double> log_p, const auto& logit) {
  minus_log1p(others, log_p);
  bool care = false;
  for (const double sum : others) care |= needs_care(sum);
  if (!care) return;
  for (std::size_t j = 0; j < log_p.size(); ++j) {
    if (!needs_care(others[j])) continue;
    const auto logit_of_class = [&](std::size_t c) { return logit(j, c); };
    log_p[j] = careful_log_p(logit(j, targets[j]), logit_of_class, targets[j], classes);
  }
}

template <class Number>
void log_softmax_of_target_by_row(std::size_t classes, std::span<const Number> rows,
                                  std::span<const std::uint32_t> targets, std::span<double> log_p) {
  AlignedVector others(padded(targets.size()), 0.0);
  sums_of_other_exponentials_in_rows(classes, rows, targets,
                                     std::span(others).first(targets.size()));
  finish_log_p(others, targets, classes, log_p, [&](std::size_t j, std::size_t c) {
    return static_cast<double>(rows[j * classes + c]);
  });
}

template <class Number>
void log_softmax_of_target_by_class(BlockShape shape, std::span<const Number> block,
                                    std::span<const std::uint32_t> targets,
                                    std::span<double> log_p) {
  std::vector<std::uint32_t> target(padded(targets.size()), 0);
  std::ranges::copy(targets, target.begin());
  AlignedVector others(padded(targets.size()), 0.0);
  sums_of_other_exponentials(shape, block, target, others);
  // Of positions behind the last, nothing is asked.
  std::fill(others.begin() + static_cast<std::ptrdiff_t>(targets.size()), others.end(), 0.0);
  finish_log_p(others, targets, shape.classes, log_p, [&](std::size_t j, std::size_t c) {
    return static_cast<double>(block[c * shape.stride + j]);
  });
}

}  // namespace

void log_softmax_of_target(BlockShape shape, std::span<const double> block,
                           std::span<const std::uint32_t> targets, std::span<double> log_p) {
  log_softmax_of_target_by_class(shape, block, targets, log_p);
}

void log_softmax_of_target(BlockShape shape, std::span<const float> block,
                           std::span<const std::uint32_t> targets, std::span<double> log_p) {
  log_softmax_of_target_by_class(shape, block, targets, log_p);
}

void log_softmax_of_target_in_rows(std::size_t classes, std::span<const double> rows,
                                   std::span<const std::uint32_t> targets,
                                   std::span<double> log_p) {
  log_softmax_of_target_by_row(classes, rows, targets, log_p);
}

void log_softmax_of_target_in_rows(std::size_t classes, std::span<const float> rows,
                                   std::span<const std::uint32_t> targets,
                                   std::span<double> log_p) {
  log_softmax_of_target_by_row(classes, rows, targets, log_p);
}

}  // namespace losscalc::evaluation
