#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("gaussian-nll of variance 1 is half the squared error") {
  const TupleResult result = tuple("gaussian-nll", {{3}, {1}, {1}});
  CHECK(result.value == 2.0);
  CHECK(result.slopes[0][0] == 2.0);
  CHECK(result.slopes[2][0] == -1.5);
}

TEST_CASE("gaussian-nll with full adds log(2 pi) / 2, and becomes the negative log-density") {
  CHECK(tuple("gaussian-nll", {{0}, {0}, {1}}, 0, {{"full", true}}).value ==
        doctest::Approx(0.918938533204673).epsilon(1e-15));
}

TEST_CASE("gaussian-nll has its least value in var at the squared error") {
  const TupleResult best = tuple("gaussian-nll", {{3}, {1}, {4}});
  CHECK(best.slopes[2][0] == 0.0);
  CHECK(best.value < tuple("gaussian-nll", {{3}, {1}, {3.9}}).value);
  CHECK(best.value < tuple("gaussian-nll", {{3}, {1}, {4.1}}).value);
}

TEST_CASE("gaussian-nll takes variances below eps as eps, with slope 0 in them") {
  const Arguments floor{{"eps", 0.25}};
  const TupleResult below = tuple("gaussian-nll", {{1}, {0}, {0}}, 0, floor);
  CHECK(below.value == tuple("gaussian-nll", {{1}, {0}, {0.25}}, 0, floor).value);
  CHECK(below.slopes[2][0] == 0.0);
  CHECK(below.slopes[0][0] == 4.0);
}

TEST_CASE("gaussian-nll refuses eps = 0, which would divide by a variance of 0") {
  CHECK(refusal("gaussian-nll", {{"eps", 0.0}}) == "eps must be > 0, found 0");
}
