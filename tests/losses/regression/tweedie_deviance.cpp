#include "losses/single.h"

using namespace losscalc::single;

namespace {

double deviance(double power, double prediction, double target) {
  return elementwise("tweedie-deviance", prediction, target, {{"power", power}}).value;
}

losscalc::ElementDomain domain(double power) {
  return kernels("tweedie-deviance", {{"power", power}}).elementwise->domain();
}

}  // namespace

TEST_CASE("tweedie-deviance is the squared error, or that of Poisson and gamma") {
  CHECK(deviance(0.0, 3.0, 1.0) == 4.0);
  CHECK(deviance(1.0, 1.0, 3.0) == doctest::Approx(2.0 * (3.0 * std::log(3.0) - 2.0)));
  CHECK(deviance(2.0, 1.0, 3.0) == doctest::Approx(2.0 * (2.0 - std::log(3.0))));
}

TEST_CASE("a deviance near the target is (p - t)^2 / t^power to full precision") {
  for (const double power : {-1.5, 1.0, 1.5, 2.0, 3.0}) {
    CAPTURE(power);
    const double p = 2.0 + 0x1p-30;
    CHECK(deviance(power, p, 2.0) == doctest::Approx(0x1p-60 / std::pow(2.0, power)).epsilon(1e-8));
    CHECK(deviance(power, 2.0, 2.0) == 0.0);
  }
}

TEST_CASE("a deviance passes continuously from quadrature to the closed form") {
  for (const double power : {-1.5, 1.0, 1.5, 2.0, 3.0}) {
    CAPTURE(power);
    const double edge = 2.0 * (1.0 + 0.25 / std::fmax(1.0, std::fabs(power)));
    CHECK(deviance(power, edge * (1.0 - 1e-15), 2.0) ==
          doctest::Approx(deviance(power, edge * (1.0 + 1e-15), 2.0)).epsilon(1e-13));
  }
}

TEST_CASE("targets of 0 are allowed below power 2, targets below 0 up to power 0") {
  CHECK(deviance(1.0, 3.0, 0.0) == 6.0);
  CHECK(deviance(1.5, 4.0, 0.0) == 8.0);
  CHECK(domain(-1.0).target.contains(-5.0));
  CHECK(domain(0.0).prediction.contains(-5.0));
  CHECK_FALSE(domain(-1.0).prediction.contains(0.0));
  CHECK(domain(1.5).target.contains(0.0));
  CHECK_FALSE(domain(1.5).target.contains(-1e-9));
  CHECK_FALSE(domain(2.0).target.contains(0.0));
}

TEST_CASE("there is no power between 0 and 1") {
  CHECK(refusal("tweedie-deviance", {{"power", 0.5}}) == "power must be <= 0 or >= 1, found 0.5");
}
