#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("binary-sparsemax is 0 from the score 1 on, and linear from -1 down") {
  CHECK(elementwise("binary-sparsemax", 1.0, 1.0).value == 0.0);
  CHECK(elementwise("binary-sparsemax", 7.0, 1.0).value == 0.0);
  CHECK(elementwise("binary-sparsemax", 7.0, 1.0).slope == 0.0);
  CHECK(elementwise("binary-sparsemax", -1.0, 1.0).value == 1.0);
  CHECK(elementwise("binary-sparsemax", -7.0, 1.0).value == 7.0);
  CHECK(elementwise("binary-sparsemax", -7.0, 1.0).slope == -1.0);
}

TEST_CASE("binary-sparsemax is a quarter of the squared violation between them") {
  CHECK(elementwise("binary-sparsemax", 0.0, 1.0).value == 0.25);
  CHECK(elementwise("binary-sparsemax", 0.5, -1.0).value == 0.5625);
  CHECK(elementwise("binary-sparsemax", 0.0, 1.0).slope == -0.5);
}

TEST_CASE("binary-sparsemax of s is sparsemax of the scores s/2 and -s/2") {
  for (const double s : {-3.0, -0.7, 0.0, 0.4, 2.0})
    CHECK(elementwise("binary-sparsemax", s, 1.0).value ==
          doctest::Approx(scores("sparsemax", {0.5 * s, -0.5 * s}, 0).value).epsilon(1e-15));
}
