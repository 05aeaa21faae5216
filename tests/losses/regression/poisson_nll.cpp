#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("poisson-nll takes log-rates, or rates") {
  CHECK(elementwise("poisson-nll", 0.0, 3.0).value == 1.0);
  CHECK(elementwise("poisson-nll", 0.0, 3.0).slope == -2.0);
  const losscalc::Arguments rates{{"log_input", false}, {"eps", 0.0}};
  CHECK(elementwise("poisson-nll", 2.0, 3.0, rates).value ==
        doctest::Approx(2.0 - 3.0 * std::log(2.0)).epsilon(1e-15));
  CHECK(elementwise("poisson-nll", 2.0, 3.0, rates).slope == -0.5);
}

TEST_CASE("Stirling's terms are added from above a target of 1, and change no slope") {
  const losscalc::Arguments full{{"full", true}};
  CHECK(elementwise("poisson-nll", 0.5, 1.0, full).value ==
        elementwise("poisson-nll", 0.5, 1.0).value);
  const double added = elementwise("poisson-nll", 0.5, 20.0, full).value -
                       elementwise("poisson-nll", 0.5, 20.0).value;
  CHECK(added == doctest::Approx(std::lgamma(21.0)).epsilon(1e-4));
  CHECK(elementwise("poisson-nll", 0.5, 20.0, full).slope ==
        elementwise("poisson-nll", 0.5, 20.0).slope);
}

TEST_CASE("poisson-nll takes any log-rate, and rates above -eps") {
  CHECK(kernels("poisson-nll").elementwise->domain().prediction.contains(-1e300));
  const losscalc::Interval rates =
      kernels("poisson-nll", {{"log_input", false}, {"eps", 0.5}}).elementwise->domain().prediction;
  CHECK(rates.contains(std::nextafter(-0.5, 0.0)));
  CHECK_FALSE(rates.contains(-0.5));
}
