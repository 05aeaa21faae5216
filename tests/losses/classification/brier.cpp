#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("brier is the squared difference of a probability and the outcome") {
  CHECK(elementwise("brier", 0.25, 1.0).value == 0.5625);
  CHECK(elementwise("brier", 0.25, -1.0).value == 0.0625);
  CHECK(elementwise("brier", 0.25, 1.0).slope == -1.5);
  CHECK(elementwise("brier", 0.25, -1.0).slope == 0.5);
}

TEST_CASE("brier is bounded, and 0 where a certain prediction is right") {
  CHECK(elementwise("brier", 1.0, 1.0).value == 0.0);
  CHECK(elementwise("brier", 0.0, 1.0).value == 1.0);
}
