#include "evaluation/exponential_sum.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace losscalc::evaluation;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Narrow vectors, and the widest of this processor.
std::vector<Vectors> kinds() { return {Vectors::of_four, widest_vectors()}; }

template <class Number>
std::vector<Number> normal_numbers(std::size_t count, double deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0.0, deviation);
  std::vector<Number> numbers(count);
  for (Number& x : numbers) x = static_cast<Number>(normal(random));
  return numbers;
}

template <class Number>
double by_definition(const std::vector<Number>& row, double origin) {
  long double sum = 0.0L;
  for (const Number z : row) sum += std::exp(static_cast<long double>(z) - origin);
  return static_cast<double>(sum);
}

template <class Number>
double sum(const std::vector<Number>& row, double origin, Vectors vectors) {
  return sum_of_exponentials(std::span<const Number>(row), origin, vectors);
}

}  // namespace

TEST_CASE("sums of exponentials over rows of both types, whatever the width of the vectors") {
  for (const Vectors vectors : kinds()) {
    for (const std::size_t length : {8U, 16U, 24U, 104U}) {
      for (const double deviation : {0.01, 1.0, 30.0}) {
        CAPTURE(length);
        CAPTURE(deviation);
        const auto doubles = normal_numbers<double>(length, deviation, 5);
        const auto floats = normal_numbers<float>(length, deviation, 6);
        CHECK(sum(doubles, 0.25, vectors) ==
              doctest::Approx(by_definition(doubles, 0.25)).epsilon(1e-15));
        CHECK(sum(floats, 0.25, vectors) ==
              doctest::Approx(by_definition(floats, 0.25)).epsilon(1e-15));
      }
    }
  }
}

TEST_CASE("every exponential over the whole range is within 3 units of the last place") {
  for (const Vectors vectors : kinds()) {
    for (double x = -707.9; x < 690.0; x += 0.0937) {
      std::vector<double> row(8, -infinity);
      row[3] = x;
      const double expected = static_cast<double>(std::exp(static_cast<long double>(x)));
      // Far below 0, the argument's own rounding adds |x| / 30 units.
      const double units = 3.0 + std::fabs(x) / 30.0;
      const double rest = 7.0 * std::exp(-708.0);
      CHECK(std::fabs(sum(row, 0.0, vectors) - expected) <= units * 1.2e-16 * expected + rest);
    }
  }
}

TEST_CASE("a difference above 690 or NaN makes a sum that is not below 1e299") {
  for (const Vectors vectors : kinds()) {
    for (const double z : {691.0, 1e6, 1e308, infinity, std::numeric_limits<double>::quiet_NaN()}) {
      std::vector<double> row(16, 0.0);
      row[11] = z;
      CHECK_FALSE(sum(row, 0.0, vectors) < 1e299);
    }
  }
}

TEST_CASE("of a block, the target's own term is left out of each position's sum") {
  constexpr std::size_t classes = 5;
  constexpr BlockShape shape{16, classes};
  const std::vector<double> block = normal_numbers<double>(shape.size(), 3.0, 7);
  std::vector<std::uint32_t> targets(shape.stride);
  for (std::uint32_t j = 0; j < shape.stride; ++j)
    targets[j] = static_cast<std::uint32_t>((3 * j) % classes);
  for (const Vectors vectors : kinds()) {
    std::vector<double> sums(shape.stride);
    sums_of_other_exponentials(shape, block, targets, sums, vectors);
    for (std::size_t j = 0; j < shape.stride; ++j) {
      const auto logit = [&](std::size_t c) { return block[c * shape.stride + j]; };
      std::vector<double> others;
      for (std::size_t c = 0; c < classes; ++c) {
        if (c != targets[j]) others.push_back(logit(c));
      }
      CHECK(sums[j] == doctest::Approx(by_definition(others, logit(targets[j]))).epsilon(1e-15));
    }
  }
}
