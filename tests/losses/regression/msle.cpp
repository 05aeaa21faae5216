#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("msle is the squared logarithm of the ratio of 1 + p and 1 + t") {
  CHECK(elementwise("msle", 3.0, 1.0).value ==
        doctest::Approx(std::log(2.0) * std::log(2.0)).epsilon(1e-15));
  CHECK(elementwise("msle", 3.0, 1.0).slope == doctest::Approx(0.5 * std::log(2.0)).epsilon(1e-15));
}

TEST_CASE("below the floor msle counts values as the floor, and has no slope") {
  CHECK(elementwise("msle", -5.0, 3.0).value == elementwise("msle", 0.0, 3.0).value);
  CHECK(elementwise("msle", 3.0, -5.0).value == elementwise("msle", 3.0, 0.0).value);
  CHECK(elementwise("msle", -5.0, 3.0).slope == 0.0);
  CHECK(elementwise("msle", 0.0, 3.0).slope == doctest::Approx(-2.0 * std::log(4.0)));
  CHECK(elementwise("msle", -0.75, 0.0, {{"floor", -0.9}}).slope ==
        doctest::Approx(8.0 * std::log(0.25)));
}

TEST_CASE("msle keeps its digits where prediction and target are nearly equal, and far apart") {
  CHECK(elementwise("msle", 1e8 + 1.0, 1e8).slope == doctest::Approx(2e-16).epsilon(1e-7));
  const losscalc::Arguments low{{"floor", -0.9999999999}};
  CHECK(elementwise("msle", -1.0, 1e12, low).value ==
        doctest::Approx(std::pow(std::log(1e-10) - std::log1p(1e12), 2)).epsilon(1e-7));
}

TEST_CASE("msle refuses a floor at which the logarithm is undefined") {
  CHECK(refusal("msle", {{"floor", -1.0}}) == "floor must be > -1, found -1");
}
