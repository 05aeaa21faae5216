#include "losses/detection/boxes.h"

using namespace losscalc::single;

TEST_CASE("diou adds the squared distance of the centres in enclosing diagonals: 8/9 + 3.25/25") {
  CHECK(box("diou", witness_prediction, witness_target).value ==
        doctest::Approx(8.0 / 9.0 + 0.13).epsilon(1e-15));
}

TEST_CASE("diou is iou where the centres are one") {
  CHECK(box("diou", {0.5, 0.25, 1.5, 1.75}, {0, 0, 2, 2}).value ==
        box("iou", {0.5, 0.25, 1.5, 1.75}, {0, 0, 2, 2}).value);
}

TEST_CASE("diou keeps the distance of boxes that nearly agree, far from the origin") {
  // the centres differ by 2^-20 in x; far out p.x1 + p.x2 - t.x1 - t.x2 would round it away
  const double e = std::ldexp(1.0, -20);
  const double far = 1e9;
  const double width = 2.0 + e;
  CHECK(box("diou", {far + e, 0, far + 2 + e, 2}, {far, 0, far + 2, 2}).value ==
        doctest::Approx(1.0 - (2.0 - e) / (2.0 + e) + e * e / (width * width + 4.0)).epsilon(1e-9));
}

TEST_CASE("diou of boxes without area is a number") {
  CHECK(box("diou", {1, 1, 1, 1}, {1, 1, 1, 1}).value == 1.0);
  CHECK(box("diou", {1, 1, 1, 1}, {3, 1, 3, 1}).value == 2.0);
  check_degenerate_boxes("diou");
}

TEST_CASE("diou doesn't depend on place and scale") { check_invariance("diou"); }
