#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("binary-cross-entropy is minus the log-probability of the answer given") {
  CHECK(binary("bce", 0.25, 1.0).value == std::log(4.0));
  CHECK(binary("bce", 0.25, 0.0).value == -std::log1p(-0.25));
  CHECK(binary("bce", 0.25, 0.5).value ==
        doctest::Approx(-0.5 * (std::log(0.25) + std::log(0.75))).epsilon(1e-15));
}

TEST_CASE("the positive weight multiplies the positive term alone") {
  CHECK(binary("bce", 0.25, 1.0, {}, 3.0).value == 3.0 * std::log(4.0));
  CHECK(binary("bce", 0.25, 0.0, {}, 3.0).value == binary("bce", 0.25, 0.0).value);
  CHECK(binary("bce", 0.25, 0.5, {}, 3.0).by_log_p == -1.5);
  CHECK(binary("bce", 0.25, 0.5, {}, 3.0).by_log_q == -0.5);
}

TEST_CASE("a certain right answer costs nothing: 0 log 0 is 0") {
  CHECK(bernoulli("bce", 0.0, -infinity, 1.0).value == 0.0);
  CHECK(bernoulli("bce", -infinity, 0.0, 0.0).value == 0.0);
  CHECK(bernoulli("bce", -infinity, 0.0, 1.0, {}, 0.0).value == 0.0);
}

TEST_CASE("a certain wrong answer costs infinitely much") {
  CHECK(bernoulli("bce", -infinity, 0.0, 1.0).value == infinity);
  CHECK(bernoulli("bce", 0.0, -infinity, 0.0).value == infinity);
}

TEST_CASE("binary-cross-entropy keeps the digits of confident answers") {
  // p = 1 - 1e-30: log p = -1e-30
  CHECK(bernoulli("bce", -1e-30, std::log(1e-30), 1.0).value == 1e-30);
}
