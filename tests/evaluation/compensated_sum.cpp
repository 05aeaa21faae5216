#include "evaluation/compensated_sum.h"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using losscalc::evaluation::CompensatedSum;

TEST_CASE("small terms after a large one are not lost") {
  CompensatedSum sum;
  sum.add(1e16);
  for (int i = 0; i < 1000; ++i) sum.add(1.0);
  sum.add(-1e16);
  CHECK(sum.value() == 1000.0);
}

TEST_CASE("a million tenths are within an ulp or two of a hundred thousand") {
  const std::vector<double> tenths(1'000'000, 0.1);
  CompensatedSum sum;
  sum.add(tenths);
  CHECK(sum.value() == doctest::Approx(100000.0).epsilon(1e-15));
}

TEST_CASE("merging partial sums split at whole runs gives the bits of one sum") {
  std::vector<double> values;
  for (int i = 0; i < 1024; ++i) values.push_back(1.0 / (i + 3.0));
  CompensatedSum whole;
  whole.add(values);
  CompensatedSum left;
  CompensatedSum right;
  left.add(std::span<const double>(values).first(320));
  right.add(std::span<const double>(values).subspan(320));
  left.merge(right);
  CHECK(left.value() == whole.value());
}

TEST_CASE("infinity and NaN come through") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CompensatedSum sum;
  sum.add(1.0);
  sum.add(infinity);
  sum.add(2.0);
  CHECK(sum.value() == infinity);
  sum.add(-infinity);
  CHECK(std::isnan(sum.value()));
}
