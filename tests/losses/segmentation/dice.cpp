#include "losses/segmentation/maps.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("dice gives MONAI's numbers for a foreground map and its background") {
  const double foreground = map("dice", p, t).value;
  const double background = map("dice", {0.1, 0.2, 0.7, 0.9}, {0, 0, 1, 1}).value;
  CHECK(foreground == doctest::Approx(0.170731290899).epsilon(1e-11));
  CHECK((foreground + background) / 2 == doctest::Approx(0.175109005082).epsilon(1e-11));
}

TEST_CASE("dice with other smoothing gives the numbers of Keras and of (2I + 1) / (P + T + 1)") {
  CHECK(map("dice", p, t, {{"smooth_nr", 0.0}, {"smooth_dr", 1e-7}}).value ==
        doctest::Approx(0.170731727543).epsilon(1e-11));
  CHECK(map("dice", p, t, {{"smooth_nr", 1.0}, {"smooth_dr", 1.0}}).value ==
        doctest::Approx(0.137254901961).epsilon(1e-11));
}

TEST_CASE("dice of sums of squares gives V-Net's form") {
  const Overlap<double> squares{1.7, 0.81 + 0.64 + 0.09 + 0.01, 2.0};
  CHECK(kernels("dice").overlap->value(squares) == doctest::Approx(0.0422534021031).epsilon(1e-11));
}

TEST_CASE("dice is 0 for equal maps and 1 for maps that do not meet") {
  CHECK(map("dice", t, t).value == 0.0);
  CHECK(map("dice", {0, 0, 1, 1}, t, unsmoothed).value == 1.0);
}

TEST_CASE("an empty map has dice loss 0: by equal smoothing, and by definition without it") {
  CHECK(map("dice", {0, 0}, {0, 0}).value == 0.0);
  const OverlapResult empty = map("dice", {0, 0}, {0, 0}, unsmoothed);
  CHECK(empty.value == 0.0);
  CHECK(empty.slope.intersection == 0.0);
  CHECK(empty.slope.prediction == 0.0);
}

TEST_CASE("dice falls below 0 where smooth_nr exceeds smooth_dr") {
  CHECK(map("dice", {0, 0}, {0, 0}, {{"smooth_nr", 3.0}, {"smooth_dr", 1.0}}).value == -2.0);
}

TEST_CASE("dice keeps the digits of a nearly perfect overlap") {
  // I = 1, P = 1, T = 1 + 2^-40: loss = 2^-40 / (2 + 2^-40)
  const double excess = std::ldexp(1.0, -40);
  CHECK(kernels("dice", unsmoothed).overlap->value({1.0, 1.0, 1.0 + excess}) ==
        excess / (2.0 + excess));
}

TEST_CASE("dice refuses negative smoothing") {
  CHECK(refusal("dice", {{"smooth_nr", -1.0}}) == "smooth_nr must be >= 0, found -1");
}
