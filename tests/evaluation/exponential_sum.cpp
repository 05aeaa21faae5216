#include "evaluation/links/exponential_sum.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "numeric/limits.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

/// Narrow registers, and the widest of this processor.
std::vector<SimdWidth> kinds() { return {SimdWidth::avx2, widest_simd()}; }

template <class Number>
std::vector<Number> normal_numbers(std::size_t count, double deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0.0, deviation);
  std::vector<Number> numbers(count);
  for (Number& x : numbers) x = static_cast<Number>(normal(random));
  return numbers;
}

/// sum_{c != target} exp(row[c] - row[target]) of the differences as doubles have them.
template <class Number>
double by_definition(std::span<const Number> row, std::size_t target) {
  long double sum = 0.0L;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const double difference = static_cast<double>(row[c]) - static_cast<double>(row[target]);
    if (c != target) sum += std::exp(static_cast<long double>(difference));
  }
  return static_cast<double>(sum);
}

template <class Number>
double sum_of_row(const std::vector<Number>& row, std::uint32_t target, SimdWidth width) {
  double sum = 0.0;
  sums_of_other_exponentials_in_rows(row.size(), std::span<const Number>(row),
                                     std::span(&target, 1), std::span(&sum, 1), width);
  return sum;
}

}  // namespace

TEST_CASE_TEMPLATE("of rows of any length, the target's own term is left out", Number, float,
                   double) {
  for (const SimdWidth width : kinds()) {
    for (const std::size_t classes : {1U, 2U, 7U, 8U, 9U, 16U, 20U, 31U, 100U}) {
      for (const double deviation : {0.01, 1.0, 30.0}) {
        CAPTURE(classes);
        CAPTURE(deviation);
        // A row for each class as the target.
        const auto rows = normal_numbers<Number>(classes * classes, deviation, 5);
        std::vector<std::uint32_t> targets(classes);
        std::iota(targets.begin(), targets.end(), 0U);
        std::vector<double> sums(classes);
        sums_of_other_exponentials_in_rows(classes, std::span<const Number>(rows), targets, sums,
                                           width);
        for (std::size_t j = 0; j < classes; ++j) {
          const auto row = std::span(rows).subspan(j * classes, classes);
          CHECK(sums[j] == doctest::Approx(by_definition(row, j)).epsilon(1e-15));
        }
      }
    }
  }
}

TEST_CASE("every exponential over the whole range is within 3 units of the last place") {
  for (const SimdWidth width : kinds()) {
    for (double x = -707.9; x < 690.0; x += 0.0937) {
      const double expected = static_cast<double>(std::exp(static_cast<long double>(x)));
      // Far below 0, the argument's own rounding adds |x| / 30 units.
      const double units = 3.0 + std::fabs(x) / 30.0;
      // What fills up a vector counts as exp(-708).
      const double rest = 3.0 * std::exp(-708.0);
      CHECK(std::fabs(sum_of_row<double>({x, 0.0}, 1, width) - expected) <=
            units * 1.2e-16 * expected + rest);
    }
  }
}

TEST_CASE_TEMPLATE("a difference above 690 or NaN makes a sum that is not below 1e299", Number,
                   float, double) {
  for (const SimdWidth width : kinds()) {
    for (const double z : {691.0, 1e6, 1e38, infinity, std::numeric_limits<double>::quiet_NaN(),
                           -std::numeric_limits<double>::quiet_NaN()}) {
      for (const std::size_t place : {std::size_t{11}, std::size_t{16}}) {
        std::vector<Number> row(17, Number{0});
        row[place] = static_cast<Number>(z);
        CHECK_FALSE(sum_of_row(row, 3, width) < 1e299);
      }
    }
  }
}

TEST_CASE_TEMPLATE("logits far below the others add nothing", Number, float, double) {
  for (const SimdWidth width : kinds()) {
    for (const double z : {-300.0, -400.0, -1e6, -1e38, -infinity}) {
      std::vector<Number> row(20, Number{0});
      row[1] = static_cast<Number>(z);
      row[19] = static_cast<Number>(z);
      CHECK(sum_of_row(row, 3, width) == 17.0);
    }
  }
}

TEST_CASE("where the target's logit is infinite the sum is NaN") {
  for (const SimdWidth width : kinds()) {
    CHECK(std::isnan(sum_of_row<double>({0.0, infinity, 1.0}, 1, width)));
    CHECK(std::isnan(sum_of_row<double>({0.0, -infinity, 1.0}, 1, width)));
  }
}

TEST_CASE("of a block, the target's own term is left out of each position's sum") {
  constexpr std::size_t classes = 5;
  constexpr BlockShape shape{16, classes};
  const std::vector<double> block = normal_numbers<double>(shape.size(), 3.0, 7);
  std::vector<std::uint32_t> targets(shape.stride);
  for (std::uint32_t j = 0; j < shape.stride; ++j)
    targets[j] = static_cast<std::uint32_t>((3 * j) % classes);
  for (const SimdWidth width : kinds()) {
    std::vector<double> sums(shape.stride);
    sums_of_other_exponentials(shape, block, targets, sums, width);
    for (std::size_t j = 0; j < shape.stride; ++j) {
      const auto logit = [&](std::size_t c) { return block[c * shape.stride + j]; };
      std::vector<double> row;
      for (std::size_t c = 0; c < classes; ++c) row.push_back(logit(c));
      CHECK(
          sums[j] ==
          doctest::Approx(by_definition(std::span<const double>(row), targets[j])).epsilon(1e-15));
    }
  }
}
