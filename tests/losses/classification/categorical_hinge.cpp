#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("categorical-hinge counts the right class as a wrong one with score 0") {
  // All wrong scores are negative: 0 is the largest of (1 - t) s.
  CHECK(tuple("categorical-hinge", {{0.25, -2, -3}, {1, 0, 0}}).value == 0.75);
  CHECK(scores("hinge", {0.25, -2, -3}, 0, {word("form", "max")}).value == 0.0);
}

TEST_CASE("categorical-hinge is hinge's max form where a wrong score is positive") {
  const std::vector<double> row{1.0, 0.5, 0.25};
  CHECK(tuple("categorical-hinge", {row, {0, 1, 0}}).value ==
        scores("hinge", row, 1, {word("form", "max")}).value);
  CHECK(tuple("categorical-hinge", {row, {0, 1, 0}}).slopes[0] == std::vector<double>{1, -1, 0});
}

TEST_CASE("categorical-hinge is 0 with slope 0 where the margin is met exactly") {
  const TupleResult result = tuple("categorical-hinge", {{2, 1}, {1, 0}});
  CHECK(result.value == 0.0);
  CHECK(result.slopes[0] == std::vector<double>{0, 0});
}
