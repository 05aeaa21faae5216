#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("binary-hinge is what the score lacks to the margin on its target's side") {
  CHECK(elementwise("binary-hinge", 0.25, 1.0).value == 0.75);
  CHECK(elementwise("binary-hinge", 0.25, -1.0).value == 1.25);
  CHECK(elementwise("binary-hinge", 0.25, 1.0).slope == -1.0);
  CHECK(elementwise("binary-hinge", 0.25, -1.0).slope == 1.0);
}

TEST_CASE("binary-hinge is 0 with slope 0 at the margin and beyond") {
  CHECK(elementwise("binary-hinge", 1.0, 1.0).slope == 0.0);
  CHECK(elementwise("binary-hinge", -1.0, -1.0).slope == 0.0);
  CHECK(elementwise("binary-hinge", std::nextafter(1.0, 0.0), 1.0).slope == -1.0);
  CHECK(elementwise("binary-hinge", 1e300, 1.0).value == 0.0);
}

TEST_CASE("power 2 squares the violation") {
  CHECK(elementwise("binary-hinge", -0.5, 1.0, {{"power", 2.0}}).value == 2.25);
  CHECK(elementwise("binary-hinge", -0.5, 1.0, {{"power", 2.0}}).slope == -3.0);
}

TEST_CASE("binary-hinge reads targets as signs") {
  CHECK(losscalc::find_loss("binary-hinge")->target_values == losscalc::TargetValues::signs);
  CHECK(refusal("binary-hinge", {{"power", 0.0}}) == "power must be an integer in [1, 2], found 0");
}

TEST_CASE("binary-hinge without a margin is the perceptron's loss") {
  CHECK(elementwise("binary-hinge", -0.75, 1.0, {{"margin", 0.0}}).value == 0.75);
  CHECK(elementwise("binary-hinge", -0.75, 1.0, {{"margin", 0.0}}).slope == -1.0);
  CHECK(elementwise("binary-hinge", 0.75, 1.0, {{"margin", 0.0}}).value == 0.0);
}
