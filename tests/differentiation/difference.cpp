#include "differentiation/difference.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "numeric/limits.h"

using namespace losscalc;
using namespace losscalc::differentiation;

namespace {

struct Known {
  std::string name;
  Function f;
  Point point;
  double slope;
  double relative = 1e-8;  ///< how exactly it should come out
};

std::vector<Known> smooth_functions() {
  const auto softplus = [](double x) {
    return std::fmax(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
  };
  return {{"exp", [](double x) { return std::exp(x); }, {1.0, -infinity, infinity}, std::exp(1.0)},
          {"sin", [](double x) { return std::sin(x); }, {0.3, -infinity, infinity}, std::cos(0.3)},
          {"log near 0", [](double x) { return std::log(x); }, {1e-12, 0.0, infinity}, 1e12},
          {"-log at a probability", [](double x) { return -std::log(x); }, {0.25, 0.0, 1.0}, -4.0},
          {"1/x", [](double x) { return 1.0 / x; }, {3.0, 0.0, infinity}, -1.0 / 9.0},
          {"x^2 at 1e-12", [](double x) { return x * x; }, {1e-12, -infinity, infinity}, 2e-12},
          {"|x| beside its kink",
           [](double x) { return std::fabs(x); },
           {1e-3, -infinity, infinity},
           1.0},
          {"softplus(-30)",
           softplus,
           {-30.0, -infinity, infinity},
           std::exp(-30.0) / (1.0 + std::exp(-30.0))},
          {"x^3", [](double x) { return x * x * x; }, {1e4, -infinity, infinity}, 3e8}};
}

}  // namespace

TEST_CASE("derivatives of smooth functions lie within their error, which is small") {
  for (const Known& known : smooth_functions()) {
    CAPTURE(known.name);
    const Derivative derivative = adaptive_difference(known.f, known.point);
    CHECK_FALSE(derivative.kink);
    CHECK(std::fabs(derivative.both.value - known.slope) <= derivative.both.error);
    CHECK(derivative.both.error <= known.relative * std::fabs(known.slope));
    // What is seen from one side alone is as honest.
    CHECK(std::fabs(derivative.left.value - known.slope) <= derivative.left.error);
    CHECK(std::fabs(derivative.right.value - known.slope) <= derivative.right.error);
  }
}

TEST_CASE("|x| at 0 and a hinge at its corner have the slopes of either side") {
  struct Corner {
    std::string name;
    Function f;
    double at;
    double left;
    double right;
  };
  const std::vector<Corner> corners{
      {"|x|", [](double x) { return std::fabs(x); }, 0.0, -1.0, 1.0},
      {"hinge", [](double x) { return std::fmax(0.0, 1.0 - x); }, 1.0, -1.0, 0.0},
      {"|sin x| beside a large value", [](double x) { return 100.0 + std::fabs(std::sin(x)); }, 0.0,
       -1.0, 1.0}};
  for (const Corner& corner : corners) {
    CAPTURE(corner.name);
    const Derivative derivative = adaptive_difference(corner.f, {corner.at, -infinity, infinity});
    CHECK(derivative.kink);
    CHECK(std::fabs(derivative.left.value - corner.left) <= derivative.left.error);
    CHECK(std::fabs(derivative.right.value - corner.right) <= derivative.right.error);
    CHECK(derivative.left.error <= 1e-8);
    CHECK(derivative.right.error <= 1e-8);
  }
}

TEST_CASE("at a kink the two sides have their own slopes") {
  const Function corner = [](double x) { return x < 0.5 ? 0.0 : 3.0 * (x - 0.5); };
  const Derivative derivative = adaptive_difference(corner, {0.5, -infinity, infinity});
  CHECK(derivative.kink);
  CHECK(derivative.left.value == doctest::Approx(0.0));
  CHECK(derivative.right.value == doctest::Approx(3.0).epsilon(1e-8));
  const Function dent = [](double x) { return -std::fabs(x); };
  const Derivative of_dent = adaptive_difference(dent, {0.0, -infinity, infinity});
  CHECK(of_dent.kink);
  CHECK(of_dent.left.value == doctest::Approx(1.0));
  CHECK(of_dent.right.value == doctest::Approx(-1.0));
}

TEST_CASE("a kink nearer than steps can tell is found from farther off") {
  const Function corner = [](double x) { return 1e6 + std::fabs(x - 1e-9); };
  const Derivative derivative = adaptive_difference(corner, {0.0, -infinity, infinity});
  CHECK(derivative.kink);
  CHECK(derivative.left.value == doctest::Approx(-1.0).epsilon(1e-3));
  CHECK(derivative.right.value == doctest::Approx(1.0).epsilon(1e-3));
}

TEST_CASE("a function that stands still has slope 0, as far as its digits tell") {
  const Derivative derivative =
      adaptive_difference([](double) { return 5.0; }, {1.0, -infinity, infinity});
  CHECK(derivative.both.value == 0.0);
  CHECK(derivative.both.error > 0.0);
  CHECK(derivative.both.error < 1e-13);
}

TEST_CASE("no value is asked for outside the interval") {
  for (const double x : {1e-12, 0.3, 1.0 - 1e-9}) {
    std::size_t calls = 0;
    std::size_t outside = 0;
    const Function f = [&](double at) {
      ++calls;
      if (!(at > 0.0 && at < 1.0)) ++outside;
      return std::log(at) - std::log1p(-at);
    };
    adaptive_difference(f, {x, 0.0, 1.0});
    quick_difference(f, {x, 0.0, 1.0}, f(x));
    sweep(f, {x, 0.0, 1.0});
    for (const Scheme scheme : {Scheme::forward, Scheme::central, Scheme::ridders})
      scheme_difference(scheme, f, {x, 0.0, 1.0}, 0.0);
    CHECK(outside == 0);
    CHECK(calls > 50);
  }
}

TEST_CASE("a derivative costs few values: four at first sight, two a step at the thorough one") {
  std::size_t calls = 0;
  const Function f = [&](double x) {
    ++calls;
    return std::exp(x);
  };
  quick_difference(f, {1.0, -infinity, infinity}, std::exp(1.0));
  CHECK(calls == 4);
  calls = 0;
  adaptive_difference(f, {1.0, -infinity, infinity});
  CHECK(calls > 20);
  CHECK(calls < 100);
}

TEST_CASE("noise that is known widens the error to hold the derivative") {
  std::size_t calls = 0;
  const Function f = [&](double x) {
    return std::sin(x) + 1e-6 * std::sin(1e3 * static_cast<double>(++calls));
  };
  for (const double x : {0.1, 0.7, 1.2, 2.9}) {
    const Derivative derivative = adaptive_difference(f, {x, -infinity, infinity}, 2e-6);
    CHECK_FALSE(derivative.kink);
    CHECK(std::fabs(derivative.both.value - std::cos(x)) <= derivative.both.error);
    CHECK(derivative.both.error > 1e-6);
    CHECK(derivative.both.error < 1e-2);
  }
}

TEST_CASE("where a value is no number, the error is infinite") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Derivative nowhere =
      adaptive_difference([=](double) { return nan; }, {1.0, -infinity, infinity});
  CHECK(nowhere.both.error == infinity);
  const Derivative here =
      adaptive_difference([=](double x) { return x == 1.0 ? nan : x; }, {1.0, -infinity, infinity});
  CHECK(here.both.error == infinity);
  const Derivative aside =
      adaptive_difference([=](double x) { return x > 1.0 ? nan : x; }, {1.0, -infinity, infinity});
  CHECK_FALSE(aside.both.error < infinity);
  CHECK_FALSE(aside.right.error < infinity);
}

TEST_CASE("without room nothing is said") {
  const Derivative derivative =
      adaptive_difference([](double x) { return std::log(x); }, {0.0, 0.0, 1.0});
  CHECK(derivative.both.error == infinity);
}

TEST_CASE("the textbook's schemes give the derivative within their own error") {
  for (const Scheme scheme : {Scheme::forward, Scheme::central, Scheme::ridders}) {
    const Estimate estimate = scheme_difference(
        scheme, [](double x) { return std::exp(x); }, {0.5, -infinity, infinity}, 0.0);
    CHECK(std::fabs(estimate.value - std::exp(0.5)) <= estimate.error);
    CHECK(estimate.error < 1e-5);
  }
}
