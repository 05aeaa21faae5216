#include "losses/detection/boxes.h"

using namespace losscalc::single;

TEST_CASE("iou of boxes that share 1 of 9 is 8/9") {
  const BoxResult result = box("iou", witness_prediction, witness_target);
  CHECK(result.value == doctest::Approx(8.0 / 9.0).epsilon(1e-15));
  CHECK(result.slope.x1 == doctest::Approx(-2.0 / 81.0).epsilon(1e-15));
  CHECK(result.slope.x2 == doctest::Approx(-8.0 / 81.0).epsilon(1e-15));
}

TEST_CASE("iou is 1 with slope 0 for boxes that are apart, and for boxes that only touch") {
  for (const double x : {2.0, 3.0}) {
    const BoxResult result = box("iou", {x, 0, x + 1, 2}, {0, 0, 2, 2});
    CHECK(result.value == 1.0);
    CHECK(result.slope.x1 == 0.0);
    CHECK(result.slope.x2 == 0.0);
  }
}

TEST_CASE("iou of boxes without area, 0/0, is 1") {
  CHECK(box("iou", {1, 1, 1, 1}, {1, 1, 1, 1}).value == 1.0);
  check_degenerate_boxes("iou");
}

TEST_CASE("eps is added to the union") {
  CHECK(box("iou", witness_prediction, witness_target, {{"eps", 1.0}}).value ==
        doctest::Approx(0.9).epsilon(1e-15));
  CHECK(refusal("iou", {{"eps", -1.0}}) == "eps must be >= 0, found -1");
}

TEST_CASE("iou doesn't depend on place and scale") { check_invariance("iou"); }
