#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("log-cosh of r = (3, 0.2) has the mean that Keras and optax give") {
  const double sum =
      elementwise("log-cosh", 3.0, 0.0).value + elementwise("log-cosh", 0.2, 0.0).value;
  CHECK(sum / 2.0 == doctest::Approx(1.16459828821).epsilon(1e-11));
}

TEST_CASE("log-cosh is r^2/2 near 0 to full precision, and |r| - log 2 far away") {
  CHECK(elementwise("log-cosh", 1e-9, 0.0).value == doctest::Approx(5e-19).epsilon(1e-15));
  CHECK(elementwise("log-cosh", -1e300, 0.0).value == 1e300);
  CHECK(elementwise("log-cosh", 40.0, 0.0).value == 40.0 - std::log(2.0));
}

TEST_CASE("log-cosh passes continuously through the change of formula at 1") {
  const double below = elementwise("log-cosh", std::nextafter(1.0, 0.0), 0.0).value;
  const double above = elementwise("log-cosh", 1.0, 0.0).value;
  CHECK(above == doctest::Approx(std::log(std::cosh(1.0))).epsilon(1e-15));
  CHECK(below == doctest::Approx(above).epsilon(1e-15));
}

TEST_CASE("log-cosh's slope is tanh of the residual") {
  CHECK(elementwise("log-cosh", 1.5, 1.0).slope == std::tanh(0.5));
  CHECK(elementwise("log-cosh", 1e300, 0.0).slope == 1.0);
}
