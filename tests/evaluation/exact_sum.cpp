#include "evaluation/reduction/exact_sum.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "numeric/limits.h"

using losscalc::evaluation::ExactSum;

TEST_CASE("small terms after a large one are not lost") {
  ExactSum sum;
  sum.add(1e16);
  for (int i = 0; i < 1000; ++i) sum.add(1.0);
  sum.add(-1e16);
  CHECK(sum.value() == 1000.0);
}

TEST_CASE("a million tenths make a hundred thousand: 5.6e-12 more, less than half a unit") {
  const std::vector<double> tenths(1'000'000, 0.1);
  ExactSum sum;
  sum.add(tenths);
  CHECK(sum.value() == 100000.0);
  sum.add(std::span<const double>(tenths).first(1));
  CHECK(sum.value() == 100000.1);
}

TEST_CASE("any order and grouping of numbers of all magnitudes gives the same bits") {
  std::mt19937_64 random(7);
  std::vector<double> values;
  for (int i = 0; i < 5000; ++i) {
    const double significand = std::ldexp(static_cast<double>(random()), -63) - 1.0;
    values.push_back(std::ldexp(significand, static_cast<int>(random() % 300) - 200));
  }
  ExactSum one_by_one;
  for (const double x : values) one_by_one.add(x);
  for (const std::size_t length : {1U, 7U, 100U, 1024U, 3000U}) {
    std::ranges::shuffle(values, random);
    ExactSum total;
    for (std::size_t i = 0; i < values.size(); i += length) {
      ExactSum part;
      part.add(std::span<const double>(values).subspan(i, std::min(length, values.size() - i)));
      total.merge(part);
    }
    CHECK(total.value() == one_by_one.value());
  }
}

TEST_CASE("a block that cancels leaves what is small in it") {
  std::vector<double> values(1000, 1e-30);
  values[10] = 1e20;
  values[900] = -1e20;
  ExactSum sum;
  sum.add(values);
  ExactSum expected;
  for (int i = 0; i < 998; ++i) expected.add(1e-30);
  CHECK(sum.value() == expected.value());
}

TEST_CASE("a sum halfway between two doubles is rounded by what lies below the half") {
  ExactSum sum;
  sum.add(1.0);
  sum.add(0x1p-53);
  CHECK(sum.value() == 1.0);
  sum.add(0x1p-200);
  CHECK(sum.value() == 1.0 + 0x1p-52);
}

TEST_CASE("the smallest and the largest numbers are summed exactly") {
  constexpr double smallest = std::numeric_limits<double>::denorm_min();
  constexpr double largest = std::numeric_limits<double>::max();
  ExactSum sum;
  sum.add(std::vector<double>(100, smallest));
  CHECK(sum.value() == 100 * smallest);
  std::vector<double> values(100, smallest);
  values[50] = largest;
  values[60] = -largest;
  ExactSum mixed;
  mixed.add(values);
  CHECK(mixed.value() == 98 * smallest);
}

TEST_CASE("components add up to the sum again") {
  ExactSum sum;
  for (int i = 1; i < 100; ++i) sum.add(1.0 / i);
  ExactSum again;
  for (const double part : sum.components()) again.add(part);
  CHECK(again.value() == sum.value());
  CHECK(again.components() == sum.components());
}

TEST_CASE("infinity and NaN come through") {
  ExactSum sum;
  sum.add(1.0);
  sum.add(losscalc::infinity);
  sum.add(2.0);
  CHECK(sum.value() == losscalc::infinity);
  sum.add(-losscalc::infinity);
  CHECK(std::isnan(sum.value()));
}
