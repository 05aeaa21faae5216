#include "losses/detection/boxes.h"

using namespace losscalc::single;

TEST_CASE("giou adds the share of the enclosing box that stays empty: 8/9 + 3/12") {
  CHECK(box("giou", witness_prediction, witness_target).value ==
        doctest::Approx(8.0 / 9.0 + 0.25).epsilon(1e-15));
}

TEST_CASE("giou draws boxes that are apart together and approaches 2 with their distance") {
  const BoxResult near = box("giou", {3, 0, 4, 1}, {0, 0, 1, 1});
  CHECK(near.value == 1.5);
  CHECK(near.slope.x1 > 0.0);
  CHECK(box("giou", {1e9, 0, 1e9 + 1, 1}, {0, 0, 1, 1}).value == doctest::Approx(2.0));
}

TEST_CASE("giou is iou where one box holds the other") {
  CHECK(box("giou", {0.5, 0.5, 1, 1}, {0, 0, 2, 2}).value ==
        box("iou", {0.5, 0.5, 1, 1}, {0, 0, 2, 2}).value);
}

TEST_CASE("giou of boxes without area is a number") {
  CHECK(box("giou", {1, 1, 1, 1}, {1, 1, 1, 1}).value == 1.0);
  check_degenerate_boxes("giou");
}

TEST_CASE("giou doesn't depend on place and scale") { check_invariance("giou"); }
