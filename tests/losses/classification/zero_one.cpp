#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("zero-one counts labels that differ") {
  CHECK(elementwise("zero-one", 2.0, 2.0).value == 0.0);
  CHECK(elementwise("zero-one", 2.0, 3.0).value == 1.0);
  CHECK(elementwise("zero-one", 0.0, -0.0).value == 0.0);
}

TEST_CASE("zero-one has no input to be differentiated by") {
  CHECK_FALSE(losscalc::is_differentiable(*losscalc::find_loss("zero-one")));
}
