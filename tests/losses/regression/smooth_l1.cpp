#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("smooth-l1 is huber divided by its parameter") {
  for (const double r : {-7.0, -0.5, 0.0, 0.2, 1.9, 2.0, 3.0}) {
    const auto smooth = elementwise("smooth-l1", r, 0.0, {{"beta", 2.0}});
    const auto huber = elementwise("huber", r, 0.0, {{"delta", 2.0}});
    CHECK(smooth.value == doctest::Approx(huber.value / 2.0).epsilon(1e-15));
    CHECK(smooth.slope == doctest::Approx(huber.slope / 2.0).epsilon(1e-15));
  }
}

TEST_CASE("smooth-l1 with beta 0 is l1, its kink included") {
  for (const double r : {-1.5, 0.0, 1e-300, 2.0}) {
    const auto smooth = elementwise("smooth-l1", r, 0.0, {{"beta", 0.0}});
    CHECK(smooth.value == std::fabs(r));
    CHECK(smooth.slope == elementwise("l1", r, 0.0).slope);
  }
}

TEST_CASE("smooth-l1 neither under- nor overflows on the way to its value") {
  CHECK(elementwise("smooth-l1", 5e-201, 0.0, {{"beta", 1e-200}}).value ==
        doctest::Approx(1.25e-201).epsilon(1e-15));
  CHECK(elementwise("smooth-l1", 1e200, 0.0, {{"beta", 1e300}}).value ==
        doctest::Approx(0.5e100).epsilon(1e-15));
}

TEST_CASE("smooth-l1 refuses a negative beta") {
  CHECK(refusal("smooth-l1", {{"beta", -0.5}}) == "beta must be >= 0, found -0.5");
}
