#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("l1 is the absolute residual, with slope -1 or 1") {
  CHECK(elementwise("l1", 3.0, 5.0).value == 2.0);
  CHECK(elementwise("l1", 3.0, 5.0).slope == -1.0);
  CHECK(elementwise("l1", 5.0, 3.0).slope == 1.0);
}

TEST_CASE("l1 takes slope 0 in its kink and jumps at once beside it") {
  CHECK(elementwise("l1", 1.0, 1.0).slope == 0.0);
  CHECK(elementwise("l1", std::nextafter(1.0, 2.0), 1.0).slope == 1.0);
  CHECK(elementwise("l1", std::nextafter(1.0, 0.0), 1.0).slope == -1.0);
}

TEST_CASE("l1 is also called mae") {
  CHECK(losscalc::find_loss("mae") == losscalc::find_loss("l1"));
}
