#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("soft-margin is log(1 + exp(-t s))") {
  CHECK(elementwise("soft-margin", 0.0, 1.0).value == std::log(2.0));
  CHECK(elementwise("soft-margin", 1.5, -1.0).value ==
        doctest::Approx(std::log1p(std::exp(1.5))).epsilon(1e-15));
  CHECK(elementwise("soft-margin", 0.0, 1.0).slope == -0.5);
  CHECK(elementwise("soft-margin", 0.0, -1.0).slope == 0.5);
}

TEST_CASE("soft-margin neither overflows nor loses its tail") {
  CHECK(elementwise("soft-margin", -1e300, 1.0).value == 1e300);
  CHECK(elementwise("soft-margin", 700.0, 1.0).value ==
        doctest::Approx(std::exp(-700.0)).epsilon(1e-15));
  CHECK(elementwise("soft-margin", -1e300, 1.0).slope == -1.0);
}
