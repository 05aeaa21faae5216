#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("mse is the square of the residual, not multiplied by 0.5") {
  CHECK(elementwise("mse", 3.0, 0.0).value == 9.0);
  CHECK(elementwise("mse", 3.0, 0.0).slope == 6.0);
  CHECK(elementwise("mse", 1.0, 3.0).slope == -4.0);
}
