#include "losses/segmentation/maps.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("jaccard with half of MONAI's smoothing gives MONAI's number") {
  CHECK(map("jaccard", p, t, {{"smooth_nr", 5e-6}, {"smooth_dr", 5e-6}}).value ==
        doctest::Approx(0.291666059029).epsilon(1e-11));
}

TEST_CASE("jaccard is one minus the share of the union that both maps fill") {
  CHECK(map("jaccard", {1, 1, 0, 0}, {0, 1, 1, 0}, unsmoothed).value ==
        doctest::Approx(2.0 / 3.0).epsilon(1e-15));
}

TEST_CASE("jaccard and dice are two views of one overlap: J = D / (2 - D)") {
  const double d = 1.0 - map("dice", p, t, unsmoothed).value;
  const double j = 1.0 - map("jaccard", p, t, unsmoothed).value;
  CHECK(j == doctest::Approx(d / (2.0 - d)).epsilon(1e-15));
}

TEST_CASE("an empty map has jaccard loss 0 with and without smoothing") {
  CHECK(map("jaccard", {0, 0}, {0, 0}).value == 0.0);
  CHECK(map("jaccard", {0, 0}, {0, 0}, unsmoothed).value == 0.0);
}
