#include <numbers>

#include "losses/detection/boxes.h"

using namespace losscalc::single;

TEST_CASE("ciou of the witness is what torchvision gives") {
  CHECK(box("ciou", witness_prediction, witness_target).value ==
        doctest::Approx(1.01916454945).epsilon(1e-11));
}

TEST_CASE("ciou is diou where the boxes have one shape") {
  CHECK(box("ciou", {0, 0, 2, 3}, {1, 1, 5, 7}).value ==
        box("diou", {0, 0, 2, 3}, {1, 1, 5, 7}).value);
}

TEST_CASE("ciou's slope is that of its value: the factor of v is not held constant") {
  // A square inside of a wide box with the same centre: v = (4/pi^2) (pi/4 - atan 2)^2.
  const losscalc::Box<double> target{0, 0, 4, 2};
  const double step = 1e-6;
  const double above = box("ciou", {1, 0, 3 + step, 2}, target).value;
  const double below = box("ciou", {1, 0, 3 - step, 2}, target).value;
  CHECK(box("ciou", {1, 0, 3, 2}, target).slope.x2 ==
        doctest::Approx((above - below) / (2 * step)).epsilon(1e-8));
}

TEST_CASE("a box without height has an angle of 90 degrees, a point one of 0") {
  // Against a square of angle pi/4, v = 4/pi^2 (pi/4)^2 = 1/4 in both cases.
  const losscalc::Box<double> square{0, 0, 2, 2};
  const double v = 0.25;
  const double shape = v * v / (1.0 + v);
  CHECK(box("ciou", {0, 1, 2, 1}, square).value == doctest::Approx(1.0 + shape).epsilon(1e-15));
  CHECK(box("ciou", {1, 1, 1, 1}, square).value == doctest::Approx(1.0 + shape).epsilon(1e-15));
  check_degenerate_boxes("ciou");
}

TEST_CASE("ciou is continuous as a box loses its height") {
  const losscalc::Box<double> square{0, 0, 2, 2};
  CHECK(box("ciou", {0, 1, 2, 1 + 1e-12}, square).value ==
        doctest::Approx(box("ciou", {0, 1, 2, 1}, square).value).epsilon(1e-11));
}

TEST_CASE("ciou doesn't depend on place and scale") { check_invariance("ciou"); }
