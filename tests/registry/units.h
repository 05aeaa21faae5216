/// Any loss as a function of the numbers that it is differentiated by, so that one property can be
/// held against every loss whatever its domain.
#pragma once

#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "definition/loss.h"

namespace losscalc {

using Numbers = std::vector<double>;

/// A unit's loss: targets and labels are fixed, `at` is what it is differentiated by (the
/// prediction, log-probabilities, scores, the sums of an Overlap, corners, all vectors of a tuple).
struct Unit {
  std::string what;
  Numbers at;
  double step = 1e-4;      ///< of differences
  double cancelled = 0.0;  ///< the size of the terms that cancel in the gradient, if they may
  std::function<double(std::span<const double>)> value = {};
  std::function<Numbers(DerivativeBy, std::span<const double>)> gradient = {};
};

inline constexpr std::size_t test_classes = 4;

/// The random places and sizes at which properties are tried.
class UnitSource {
 public:
  explicit UnitSource(unsigned seed) : engine_(seed) {}

  /// A unit at a random place where nothing special happens (with probability 1).
  Unit interior(const Loss& loss, const Arguments& arguments);

  double uniform(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine_);
  }
  Numbers uniforms(std::size_t count, double low, double high);

 private:
  std::mt19937 engine_;
};

/// Units at and just beside the places where the formula changes its branch, and at the ends of the
/// numbers.
std::vector<Unit> special_units(const Loss& loss, const Arguments& arguments);

/// The defaults, every value of every enumeration, switch and small integer with every other, and
/// each number moved away from its default; without what the loss refuses.
std::vector<Arguments> parameter_sets(const Loss& loss);

std::string to_string(const Arguments& arguments);
std::string to_string(const Numbers& numbers);

/// The loss as a function of what its convexity is stated in: logits, scores or values. Only for
/// losses that are declared convex.
std::function<double(std::span<const double>)> convex_function(const Loss& loss, UnitSource& source,
                                                               std::size_t& dimension);

/// x, or a number in the interval, away from its lower end, if it has one.
double within(const Interval& interval, double x);

/// log softmax, and (log p, log(1 - p)) of a logit.
Numbers log_softmax(std::span<const double> logits);
Numbers log_bernoulli(double logit);

}  // namespace losscalc
