#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("mape is the residual as a share of the target's size") {
  CHECK(elementwise("mape", 3.0, 4.0).value == 0.25);
  CHECK(elementwise("mape", 3.0, -4.0).value == 1.75);
  CHECK(elementwise("mape", 3.0, 4.0).slope == -0.25);
  CHECK(elementwise("mape", 4.0, 4.0).slope == 0.0);
}

TEST_CASE("targets nearer to 0 than the floor count as it") {
  CHECK(elementwise("mape", 3.0, 0.0).value == 3.0 * 0x1p52);
  CHECK(elementwise("mape", 3.0, 0.0, {{"floor", 0.5}}).value == 6.0);
  CHECK(elementwise("mape", 3.0, -0.25, {{"floor", 0.5}}).slope == 2.0);
  CHECK(refusal("mape", {{"floor", 0.0}}) == "floor must be > 0, found 0");
}
