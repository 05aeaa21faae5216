#include <numbers>

#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("cauchy is log 2 where the residual is c, and its slope is largest there: 1 / c") {
  const auto at = [](double r) { return elementwise("cauchy", r, 0.0, {{"c", 2.0}}); };
  CHECK(at(2.0).value == doctest::Approx(std::numbers::ln2).epsilon(1e-15));
  CHECK(at(2.0).slope == 0.5);
  CHECK(at(1.9).slope < 0.5);
  CHECK(at(2.1).slope < 0.5);
}

TEST_CASE("cauchy with c = sqrt(2) is log1p(r^2 / 2), as kornia has it") {
  const double c = std::numbers::sqrt2;
  const double sum = elementwise("cauchy", 2.5, 2.0, {{"c", c}}).value +
                     elementwise("cauchy", -1.0, 0.0, {{"c", c}}).value;
  CHECK(sum / 2.0 == doctest::Approx((std::log1p(0.125) + std::log1p(0.5)) / 2.0).epsilon(1e-15));
}

TEST_CASE("cauchy keeps value and slope where squares overflow or vanish") {
  CHECK(elementwise("cauchy", 1e200, 0.0).value ==
        doctest::Approx(400.0 * std::numbers::ln10).epsilon(1e-15));
  CHECK(elementwise("cauchy", -1e200, 0.0).slope == doctest::Approx(-2e-200).epsilon(1e-15));
  CHECK(elementwise("cauchy", 1e-9, 0.0).value == doctest::Approx(1e-18).epsilon(1e-15));
  CHECK(elementwise("cauchy", 1e-300, 0.0).slope == 2e-300);
}

TEST_CASE("cauchy passes continuously to twice the logarithm at 1e10") {
  const double below = elementwise("cauchy", std::nextafter(1e10, 0.0), 0.0).value;
  CHECK(below == doctest::Approx(elementwise("cauchy", 1e10, 0.0).value).epsilon(1e-15));
}
