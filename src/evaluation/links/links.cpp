#include "evaluation/links/links.h"

#include <Eigen/Core>
#include <algorithm>
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
using formula::log1p_lanes;
using formula::log_lanes;
using formula::store_lanes;

using Block = Eigen::Map<Eigen::ArrayXXd>;
using ConstBlock = Eigen::Map<const Eigen::ArrayXXd>;
using Line = Eigen::Map<Eigen::ArrayXd>;
using ConstLine = Eigen::Map<const Eigen::ArrayXd>;

Eigen::Index index(std::size_t n) { return static_cast<Eigen::Index>(n); }

Block matrix(BlockShape shape, std::span<double> values) {
  return {values.data(), index(shape.stride), index(shape.classes)};
}
ConstBlock matrix(BlockShape shape, std::span<const double> values) {
  return {values.data(), index(shape.stride), index(shape.classes)};
}
/// exp, with 0 where Eigen's vectorised exp stops at the smallest normal number: exp(-inf) must be
/// 0.
template <class Expression>
Eigen::ArrayXd exp_of(const Eigen::ArrayBase<Expression>& x) {
  constexpr double smallest = -708.0;
  const Eigen::ArrayXd argument = x;
  // select() is evaluated one by one, so what it chooses from is computed before.
  const Eigen::ArrayXd exponential = argument.exp();
  return (argument < smallest).select(Eigen::ArrayXd::Zero(argument.size()), exponential);
}

Line line(std::span<double> values) { return {values.data(), index(values.size())}; }
ConstLine line(std::span<const double> values) { return {values.data(), index(values.size())}; }

}  // namespace

void log_softmax(BlockShape shape, std::span<double> values) {
  Block z = matrix(shape, values);
  const Eigen::ArrayXd largest = z.rowwise().maxCoeff();
  // exp of the largest itself is counted apart: of m equal largest logits, m - 1 stay in the rest.
  Eigen::ArrayXd rest = Eigen::ArrayXd::Constant(z.rows(), -1.0);
  Eigen::ArrayXd smaller = Eigen::ArrayXd::Zero(z.rows());
  for (Eigen::Index c = 0; c < z.cols(); ++c) {
    const Eigen::ArrayXd exponential = exp_of(z.col(c) - largest);
    rest += (z.col(c) == largest)
                .select(Eigen::ArrayXd::Ones(z.rows()), Eigen::ArrayXd::Zero(z.rows()));
    smaller += (z.col(c) == largest).select(Eigen::ArrayXd::Zero(z.rows()), exponential);
  }
  const Eigen::ArrayXd others = rest + smaller;
  const Eigen::ArrayXd close_to_zero = others.log1p();
  const Eigen::ArrayXd plain = (1.0 + others).log();
  const Eigen::ArrayXd log_sum = (others < 0.5).select(close_to_zero, plain);
  for (Eigen::Index c = 0; c < z.cols(); ++c) z.col(c) = (z.col(c) - largest) - log_sum;
}

void log_softmax_backward(BlockShape shape, std::span<const double> log_p,
                          std::span<double> derivative) {
  const ConstBlock logs = matrix(shape, log_p);
  Block g = matrix(shape, derivative);
  const Eigen::ArrayXd total = g.rowwise().sum();
  for (Eigen::Index c = 0; c < g.cols(); ++c) {
    g.col(c) = -g.col(c) * logs.col(c).expm1() - exp_of(logs.col(c)) * (total - g.col(c));
  }
}

void softmax_backward(BlockShape shape, std::span<const double> probabilities,
                      std::span<double> derivative) {
  const ConstBlock p = matrix(shape, probabilities);
  Block g = matrix(shape, derivative);
  const Eigen::ArrayXd mean = (p * g).rowwise().sum();
  for (Eigen::Index c = 0; c < g.cols(); ++c) g.col(c) = p.col(c) * (g.col(c) - mean);
}

void log_sigmoid(std::span<const double> logits, std::span<double> log_p, std::span<double> log_q) {
  const Lanes zero = lanes_of(0.0);
  for (std::size_t i = 0; i < logits.size(); i += lane_count) {
    const Lanes z = load_lanes(logits.data() + i);
    const Lanes negative = z < zero ? z : 0.0 - z;
    const Lanes exponential = negative < lanes_of(-708.0) ? zero : exp_lanes(negative);
    const Lanes tail = log1p_lanes(exponential);
    store_lanes((z < zero ? z : zero) - tail, log_p.data() + i);
    store_lanes((z > zero ? 0.0 - z : zero) - tail, log_q.data() + i);
  }
}

void log_bernoulli(std::span<const double> probabilities, const ClipBounds& bounds,
                   std::span<double> log_p, std::span<double> log_q) {
  // The smallest number that log_lanes() takes.
  if (bounds.low < std::numeric_limits<double>::min()) {
    const Eigen::ArrayXd p = line(probabilities).max(bounds.low).min(bounds.high());
    line(log_p) = p.log();
    line(log_q) = (-p).log1p();
    return;
  }
  const Lanes lowest = lanes_of(bounds.low);
  const Lanes most = lanes_of(bounds.high());
  for (std::size_t i = 0; i < probabilities.size(); i += lane_count) {
    Lanes p = load_lanes(probabilities.data() + i);
    p = p < lowest ? lowest : p;
    p = p > most ? most : p;
    store_lanes(log_lanes(p, lanes_of(0.0)), log_p.data() + i);
    store_lanes(log1p_lanes(0.0 - p), log_q.data() + i);
  }
}

void log_clipped(const ClipBounds& bounds, std::span<double> block) {
  Line p = line(block);
  if (bounds.are_open()) {
    p = p.max(0.0).log();
  } else {
    p = p.max(bounds.low).min(bounds.high()).log();
  }
}

void log_sigmoid_backward(std::span<const double> log_p, std::span<const double> log_q,
                          std::span<double> by_log_p, std::span<const double> by_log_q) {
  Line g = line(by_log_p);
  g = g * exp_of(line(log_q)) - line(by_log_q) * exp_of(line(log_p));
}

void log_bernoulli_backward(std::span<const double> probabilities, const ClipBounds& bounds,
                            std::span<double> by_log_p, std::span<const double> by_log_q) {
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const double p = probabilities[i];
    const bool inside = bounds.contain(p);
    const double by_p = by_log_p[i] == 0.0 ? 0.0 : by_log_p[i] / p;
    const double by_q = by_log_q[i] == 0.0 ? 0.0 : by_log_q[i] / (1.0 - p);
    by_log_p[i] = inside ? by_p - by_q : 0.0;
  }
}

void raise_to(double floor, std::span<double> logarithms) {
  if (std::isinf(floor)) return;
  for (double& logarithm : logarithms) logarithm = std::max(logarithm, floor);
}

void drop_floored(double floor, std::span<const double> logarithms, std::span<double> derivative) {
  if (std::isinf(floor)) return;
  for (std::size_t i = 0; i < derivative.size(); ++i) {
    if (logarithms[i] <= floor) derivative[i] = 0.0;
  }
}

void round_down(double rounding, std::span<double> log_p) { line(log_p) += std::log1p(-rounding); }

void round_down(double rounding, std::span<double> log_p, std::span<double> log_q) {
  line(log_q) = (exp_of(line(log_q)) + rounding * exp_of(line(log_p))).log();
  round_down(rounding, log_p);
}

void normalize_rows(BlockShape shape, std::span<double> block) {
  Block p = matrix(shape, block);
  const Eigen::ArrayXd sum = p.rowwise().sum();
  p.colwise() /= sum;
}

void log_normalize_rows(BlockShape shape, std::span<double> log_block) {
  Block log_p = matrix(shape, log_block);
  const Eigen::ArrayXd log_sum = log_p.exp().rowwise().sum().log();
  log_p.colwise() -= log_sum;
}

void sigmoid(std::span<double> block) {
  const Lanes zero = lanes_of(0.0);
  for (std::size_t i = 0; i < block.size(); i += lane_count) {
    const Lanes z = load_lanes(block.data() + i);
    const Lanes negative = z < zero ? z : 0.0 - z;
    const Lanes e = negative < lanes_of(-708.0) ? zero : exp_lanes(negative);
    store_lanes((z < zero ? e : lanes_of(1.0)) / (1.0 + e), block.data() + i);
  }
}

}  // namespace losscalc::evaluation
