#include "losses/segmentation/maps.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

Arguments weights(double alpha, double beta) {
  return {{"alpha", alpha}, {"beta", beta}, {"smooth_nr", 0.0}, {"smooth_dr", 0.0}};
}

}  // namespace

TEST_CASE("tversky with both weights 1/2 is dice, with both 1 jaccard") {
  CHECK(map("tversky", p, t, weights(0.5, 0.5)).value ==
        doctest::Approx(map("dice", p, t, unsmoothed).value).epsilon(1e-15));
  CHECK(map("tversky", p, t, weights(1, 1)).value ==
        doctest::Approx(map("jaccard", p, t, unsmoothed).value).epsilon(1e-15));
}

TEST_CASE("alpha weighs false positives and beta false negatives") {
  // one false positive, one hit
  CHECK(map("tversky", {1, 1}, {1, 0}, weights(0.25, 0.75)).value ==
        doctest::Approx(1.0 - 1.0 / 1.25).epsilon(1e-15));
  // one false negative, one hit
  CHECK(map("tversky", {1, 0}, {1, 1}, weights(0.25, 0.75)).value ==
        doctest::Approx(1.0 - 1.0 / 1.75).epsilon(1e-15));
}

TEST_CASE("tversky without weights is 0 as soon as anything is hit") {
  CHECK(map("tversky", {1, 1}, {1, 0}, weights(0, 0)).value == 0.0);
}

TEST_CASE("tversky refuses negative weights") {
  CHECK(refusal("tversky", {{"alpha", -0.5}}) == "alpha must be >= 0, found -0.5");
  CHECK(refusal("tversky", {{"beta", -0.5}}) == "beta must be >= 0, found -0.5");
}
