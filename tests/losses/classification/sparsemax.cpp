#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("sparsemax is 0 with slope 0 once the right score leads by 1") {
  CHECK(scores("sparsemax", {1, 0, 0}, 0).value == 0.0);
  CHECK(scores("sparsemax", {1, 0, 0}, 0).slope == std::vector<double>{0, 0, 0});
  CHECK(scores("sparsemax", {5, 0, 3}, 0).value == 0.0);
}

TEST_CASE("sparsemax of equal scores has uniform probabilities and the loss (1 - 1/C) / 2") {
  const RowResult result = scores("sparsemax", {2, 2, 2, 2}, 3);
  CHECK(result.value == 0.375);
  CHECK(result.slope == std::vector<double>{0.25, 0.25, 0.25, -0.75});
}

TEST_CASE("sparsemax gives classes outside the support probability 0") {
  // Scores 1, 0.5 and -1: tau = 0.25, probabilities 0.75, 0.25 and 0.
  const RowResult result = scores("sparsemax", {1, 0.5, -1}, 2);
  CHECK(result.slope == std::vector<double>{0.75, 0.25, -1});
  // 1/2 ((1 - 1/16) + (1/4 - 1/16)) + 1/2 + 1
  CHECK(result.value == 2.0625);
}

TEST_CASE("sparsemax does not change when a number is added to all scores") {
  const RowResult result = scores("sparsemax", {1e9 + 1, 1e9 + 0.5, 1e9 - 1}, 2);
  CHECK(result.value == 2.0625);
  CHECK(result.slope == std::vector<double>{0.75, 0.25, -1});
}

TEST_CASE("sparsemax is linear in a wrong score that leads by 1") {
  CHECK(scores("sparsemax", {4, 0}, 1).value == 4.0);
  CHECK(scores("sparsemax", {4, 0}, 1).slope == std::vector<double>{1, -1});
}
