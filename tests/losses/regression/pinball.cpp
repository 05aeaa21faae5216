#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("pinball weighs what lacks by alpha, what exceeds by 1 - alpha") {
  const losscalc::Arguments alpha{{"alpha", 0.75}};
  CHECK(elementwise("pinball", 1.0, 3.0, alpha).value == 1.5);
  CHECK(elementwise("pinball", 3.0, 1.0, alpha).value == 0.5);
  CHECK(elementwise("pinball", 1.0, 3.0, alpha).slope == -0.75);
  CHECK(elementwise("pinball", 3.0, 1.0, alpha).slope == 0.25);
  CHECK(elementwise("pinball", 1.0, 1.0, alpha).slope == -0.75);
}

TEST_CASE("pinball with alpha 0.5 is half of l1") {
  for (const double p : {-3.0, 0.1, 7.0})
    CHECK(elementwise("pinball", p, 1.5).value == 0.5 * elementwise("l1", p, 1.5).value);
}

TEST_CASE("pinball at the ends of alpha ignores one side") {
  CHECK(elementwise("pinball", 1.0, 3.0, {{"alpha", 0.0}}).value == 0.0);
  CHECK(elementwise("pinball", 3.0, 1.0, {{"alpha", 1.0}}).value == 0.0);
  CHECK(refusal("pinball", {{"alpha", 1.5}}) == "alpha must be in [0, 1], found 1.5");
}
