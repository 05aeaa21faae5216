#include "evaluation/links/softmax.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "numeric/limits.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

/// log p_t by its definition, in a wider type.
double by_definition(const std::vector<double>& logits, std::size_t target) {
  const long double largest = *std::ranges::max_element(logits);
  long double sum = 0.0L;
  for (const double z : logits) sum += std::exp(static_cast<long double>(z) - largest);
  return static_cast<double>(static_cast<long double>(logits[target]) - largest - std::log(sum));
}

double in_row(std::vector<double> logits, std::uint32_t target) {
  double log_p = 0.0;
  log_softmax_of_target_in_rows(logits.size(), std::span<const double>(logits), {&target, 1},
                                {&log_p, 1});
  return log_p;
}

double in_block(const std::vector<double>& logits, std::uint32_t target) {
  const BlockShape shape{8, logits.size()};
  AlignedVector block(shape.size(), 0.0);
  for (std::size_t c = 0; c < logits.size(); ++c) block[c * shape.stride] = logits[c];
  double log_p = 0.0;
  log_softmax_of_target(shape, block, {&target, 1}, {&log_p, 1});
  return log_p;
}

void check_both(const std::vector<double>& logits, std::uint32_t target, double expected) {
  CAPTURE(logits.size());
  CHECK(in_row(logits, target) == doctest::Approx(expected).epsilon(2e-15));
  CHECK(in_block(logits, target) == doctest::Approx(expected).epsilon(2e-15));
}

}  // namespace

TEST_CASE("log p of the target by rows and by blocks is that of the definition") {
  std::mt19937 random(9);
  std::normal_distribution<double> normal(0.0, 4.0);
  for (std::size_t classes = 1; classes <= 40; ++classes) {
    std::vector<double> logits(classes);
    for (double& z : logits) z = normal(random);
    const std::uint32_t target = static_cast<std::uint32_t>(random() % classes);
    check_both(logits, target, by_definition(logits, target));
  }
}

TEST_CASE("logits that differ by more than the exponent's range, and infinite ones") {
  check_both({0.0, 5000.0, 1.0}, 0, -5000.0);
  check_both({1e308, -1e308}, 0, 0.0);
  check_both({-1e308, 1e308}, 1, 0.0);
  CHECK(in_row({-infinity, 0.0}, 0) == -infinity);
  CHECK(in_block({-infinity, 0.0}, 0) == -infinity);
  CHECK(std::isnan(in_row({infinity, 0.0}, 0)));
  CHECK(std::isnan(in_row({infinity, infinity}, 0)));
  CHECK(std::isnan(in_block({-infinity, -infinity}, 1)));
  for (const std::uint32_t target : {0U, 1U, 2U}) {
    const std::vector<double> logits{1.0, std::numeric_limits<double>::quiet_NaN(), 2.0};
    CHECK(std::isnan(in_row(logits, target)));
    CHECK(std::isnan(in_block(logits, target)));
  }
}

TEST_CASE("a certain answer keeps the digits of its small loss") {
  check_both({40.0, 0.0}, 0, -std::exp(-40.0));
  check_both({400.0, 0.0, 0.0}, 0, -2.0 * std::exp(-400.0));
  CHECK(in_row({800.0, 0.0}, 0) == 0.0);
}

TEST_CASE("softmax gives probabilities, with 0 for what is far below") {
  const BlockShape shape{8, 3};
  AlignedVector block(shape.size(), 0.0);
  const std::vector<double> logits{2.0, 1.0, -900.0};
  for (std::size_t c = 0; c < 3; ++c) block[c * 8] = logits[c];
  softmax(shape, block);
  CHECK(block[0] == doctest::Approx(1.0 / (1.0 + std::exp(-1.0))).epsilon(1e-15));
  CHECK(block[8] == doctest::Approx(1.0 / (1.0 + std::exp(1.0))).epsilon(1e-15));
  CHECK(block[16] == 0.0);
  CHECK(block[1] == doctest::Approx(1.0 / 3.0).epsilon(1e-15));
}

TEST_CASE("sum, smallest and largest of rows of any length") {
  for (std::size_t classes = 1; classes <= 13; ++classes) {
    std::vector<double> rows;
    for (std::size_t i = 0; i < 3 * classes; ++i)
      rows.push_back(static_cast<double>((i * 7) % 11) - 5.0);
    RowStatistics statistics;
    measure_rows(classes, rows, statistics);
    for (std::size_t j = 0; j < 3; ++j) {
      const auto first = rows.begin() + static_cast<std::ptrdiff_t>(j * classes);
      const auto last = first + static_cast<std::ptrdiff_t>(classes);
      CHECK(statistics.smallest[j] == *std::min_element(first, last));
      CHECK(statistics.largest[j] == *std::max_element(first, last));
      CHECK(statistics.sum[j] == std::accumulate(first, last, 0.0));
    }
  }
}
