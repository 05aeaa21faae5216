#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("huber is quadratic inside delta and linear outside") {
  CHECK(elementwise("huber", 0.2, 0.0, {{"delta", 2.0}}).value == doctest::Approx(0.02));
  CHECK(elementwise("huber", 3.0, 0.0, {{"delta", 2.0}}).value == 4.0);
  // the mean of the two is what PyTorch gives for r = (3, 0.2), delta = 2
  CHECK((4.0 + elementwise("huber", 0.2, 0.0, {{"delta", 2.0}}).value) / 2 ==
        doctest::Approx(2.01).epsilon(1e-15));
}

TEST_CASE("huber's value and slope pass smoothly through delta on both sides") {
  const losscalc::Arguments delta{{"delta", 1.5}};
  for (const double side : {-1.0, 1.0}) {
    for (const double r : {std::nextafter(1.5, 0.0), 1.5, std::nextafter(1.5, 2.0)}) {
      CHECK(elementwise("huber", side * r, 0.0, delta).value == doctest::Approx(1.125));
      CHECK(elementwise("huber", side * r, 0.0, delta).slope == doctest::Approx(side * 1.5));
    }
  }
}

TEST_CASE("huber's slope never exceeds delta") {
  CHECK(elementwise("huber", 1e300, 0.0, {{"delta", 0.25}}).slope == 0.25);
  CHECK(elementwise("huber", -1e300, 0.0, {{"delta", 0.25}}).slope == -0.25);
  CHECK(elementwise("huber", 1e300, 0.0, {{"delta", 0.25}}).value == 2.5e299);
}

TEST_CASE("huber with a large delta is half of mse") {
  CHECK(elementwise("huber", 3.0, 1.0, {{"delta", 1e9}}).value ==
        0.5 * elementwise("mse", 3.0, 1.0).value);
}

TEST_CASE("huber refuses a delta that is not positive") {
  CHECK(refusal("huber", {{"delta", -1.0}}) == "delta must be > 0, found -1");
  CHECK(refusal("huber", {{"delta", 0.0}}) == "delta must be > 0, found 0");
  CHECK(refusal("huber", {word("delta", "wide")}) == "delta must be > 0, found wide");
}
