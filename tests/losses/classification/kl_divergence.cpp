#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("kl-divergence is t log(t / q), from probabilities and from their logarithms") {
  const double expected = 0.5 * std::log(2.0);
  CHECK(elementwise("kl-divergence", 0.25, 0.5).value == doctest::Approx(expected).epsilon(1e-15));
  CHECK(elementwise("kl-divergence", 0.25, 0.5).slope == -2.0);
  CHECK(elementwise("kl-divergence", std::log(0.25), 0.5, {{"log_pred", true}}).value ==
        doctest::Approx(expected).epsilon(1e-15));
  CHECK(elementwise("kl-divergence", std::log(0.25), 0.5, {{"log_pred", true}}).slope == -0.5);
  CHECK(elementwise("kl-divergence", 0.25, std::log(0.5), {{"log_target", true}}).value ==
        doctest::Approx(expected).epsilon(1e-15));
}

TEST_CASE("a target of 0 adds nothing, or q in the generalized form") {
  CHECK(elementwise("kl-divergence", 0.0, 0.0).value == 0.0);
  CHECK(elementwise("kl-divergence", 0.0, 0.0).slope == 0.0);
  CHECK(elementwise("kl-divergence", 0.25, 0.0, {{"generalized", true}}).value == 0.25);
  CHECK(elementwise("kl-divergence", 0.25, 0.0, {{"generalized", true}}).slope == 1.0);
  CHECK(elementwise("kl-divergence", -2.0, -infinity, {{"log_pred", true}, {"log_target", true}})
            .value == 0.0);
}

TEST_CASE("nothing predicted where something is costs infinitely much, unless it is clipped") {
  CHECK(elementwise("kl-divergence", 0.0, 0.5).value == infinity);
  CHECK(elementwise("kl-divergence", 0.0, 0.5, {{"clip", 0.25}}).value ==
        elementwise("kl-divergence", 0.25, 0.5).value);
  CHECK(elementwise("kl-divergence", 0.0, 0.5, {{"clip", 0.25}}).slope == 0.0);
}

TEST_CASE("clipping is of probabilities only") {
  CHECK(refusal("kl-divergence", {{"clip", 0.1}, {"log_pred", true}}) ==
        "clip must be 0 where log_pred is true, found 0.1");
  CHECK(refusal("kl-divergence", {{"clip", 0.1}, {"log_target", true}}) ==
        "clip must be 0 where log_target is true, found 0.1");
}

TEST_CASE("probabilities are not negative; their logarithms may be anything") {
  const losscalc::ElementDomain domain = kernels("kl-divergence").elementwise->domain();
  CHECK(domain.prediction.contains(0.0));
  CHECK_FALSE(domain.prediction.contains(-1e-9));
  CHECK_FALSE(domain.target.contains(-1e-9));
  const losscalc::Arguments logs{{"log_pred", true}, {"log_target", true}};
  CHECK(kernels("kl-divergence", logs).elementwise->domain().prediction.contains(-infinity));
}
