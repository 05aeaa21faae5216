#include "formula/lanes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace losscalc::formula;

namespace {

/// How far `found` is from `expected`, in units of the last place of a double.
double units_off(double found, long double expected) {
  int exponent = 0;
  std::frexp(static_cast<double>(expected), &exponent);
  const long double difference = static_cast<long double>(found) - expected;
  return static_cast<double>(std::fabs(difference)) / std::ldexp(1.0, exponent - 53);
}

template <class Function, class Exact>
double worst(double low, double high, Function function, Exact exact) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(low, high);
  double largest = 0.0;
  for (int i = 0; i < 20000; ++i) {
    const double x = uniform(random);
    largest = std::max(largest, units_off(function(lanes_of(x))[i % 4], exact(x)));
  }
  return largest;
}

}  // namespace

TEST_CASE("exp of four numbers is within 1.2 units of the last place") {
  const auto exact = [](double x) { return std::exp(static_cast<long double>(x)); };
  for (const double low : {-1.0, -30.0, -700.0}) {
    CAPTURE(low);
    CHECK(worst(low, 0.0, exp_lanes, exact) < 1.2);
  }
  CHECK(worst(0.0, 700.0, exp_lanes, exact) < 1.2);
  CHECK(exp_lanes(lanes_of(0.0))[0] == 1.0);
}

TEST_CASE("log of four numbers is within one unit of the last place, log1p within two") {
  const auto exact = [](double x) { return std::log1p(static_cast<long double>(x)); };
  for (const double high : {1e-10, 0.4, 2.0, 1e10}) {
    CAPTURE(high);
    CHECK(worst(0.0, high, log1p_lanes, exact) < 2.0);
  }
  CHECK(worst(-0.999, 0.0, log1p_lanes, exact) < 1.0);
  const auto log_alone = [](Lanes x) { return log_lanes(x, lanes_of(0.0)); };
  const auto exact_log = [](double x) { return std::log(static_cast<long double>(x)); };
  CHECK(worst(1e-300, 1.0, log_alone, exact_log) < 1.0);
  CHECK(worst(1.0, 1e300, log_alone, exact_log) < 1.0);
  CHECK(log_alone(lanes_of(std::numeric_limits<double>::min()))[0] ==
        doctest::Approx(-708.3964185322641).epsilon(1e-15));
}

TEST_CASE("below the smallest exponent exp stops at 3e-308, and NaN stays NaN") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(exp_lanes(lanes_of(-1e300))[2] == exp_lanes(lanes_of(-708.0))[2]);
  CHECK(exp_lanes(lanes_of(-std::numeric_limits<double>::infinity()))[0] < 4e-308);
  CHECK(std::isnan(exp_lanes(lanes_of(nan))[1]));
  CHECK(std::isnan(log1p_lanes(lanes_of(nan))[1]));
}
