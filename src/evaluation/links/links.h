/// From what a prediction holds to log-probabilities, over class-major blocks, and derivatives back
/// again.
///
/// A block has `stride` positions (a multiple of 8) for each class; positions from `count` on are
/// padding and hold 0.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "definition/conventions.h"
#include "evaluation/links/clip.h"

namespace losscalc::evaluation {

struct BlockShape {
  std::size_t stride = 0;
  std::size_t classes = 0;
  std::size_t size() const { return stride * classes; }
};

/// log p_c = z_c - logsumexp(z), in place. The largest logit is left out of the sum and enters as
/// log1p, so that -log p keeps its digits where p is nearly 1.
void log_softmax(BlockShape shape, std::span<double> block);

/// Derivatives by log-probabilities -> derivatives by logits, in place: g_c (1 - p_c) - p_c sum_{k
/// != c} g_k.
void log_softmax_backward(BlockShape shape, std::span<const double> log_p,
                          std::span<double> derivative);

/// Derivatives by probabilities p = softmax(z) -> derivatives by logits, in place: p_c (g_c - sum_k
/// p_k g_k).
void softmax_backward(BlockShape shape, std::span<const double> probabilities,
                      std::span<double> derivative);

/// log p = -softplus(-z) and log(1 - p) = -softplus(z), elementwise. Here and below, lengths are
/// multiples of 8.
void log_sigmoid(std::span<const double> logits, std::span<double> log_p, std::span<double> log_q);

/// log p and log(1 - p) of clipped probabilities.
void log_bernoulli(std::span<const double> probabilities, const ClipBounds& bounds,
                   std::span<double> log_p, std::span<double> log_q);

/// log of clipped probabilities, in place.
void log_clipped(const ClipBounds& bounds, std::span<double> block);

/// Derivatives by log p and log(1 - p) -> derivative by the logit: g_p (1 - p) - g_q p, into g_p.
void log_sigmoid_backward(std::span<const double> log_p, std::span<const double> log_q,
                          std::span<double> by_log_p, std::span<const double> by_log_q);

/// Derivatives by log p and log(1 - p) -> derivative by the probability, 0 where it was clipped;
/// into g_p.
void log_bernoulli_backward(std::span<const double> probabilities, const ClipBounds& bounds,
                            std::span<double> by_log_p, std::span<const double> by_log_q);

/// What is below `floor` becomes it, and has no derivative.
void raise_to(double floor, std::span<double> logarithms);
void drop_floored(double floor, std::span<const double> logarithms, std::span<double> derivative);

/// Logarithms of p and 1 - p -> those of p (1 - rounding), in place.
void round_down(double rounding, std::span<double> log_p);
void round_down(double rounding, std::span<double> log_p, std::span<double> log_q);

/// p_c / sum_k p_k, in place; and the same of logarithms.
void normalize_rows(BlockShape shape, std::span<double> block);
void log_normalize_rows(BlockShape shape, std::span<double> log_block);

/// 1 / (1 + exp(-z)), elementwise in place; small values keep their digits.
void sigmoid(std::span<double> block);

}  // namespace losscalc::evaluation
