#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("margin-ranking is 0 where the right score leads by the margin, else what it lacks") {
  CHECK(tuple("margin-ranking", {{2}, {1}}, 1).value == 0.0);
  CHECK(tuple("margin-ranking", {{2}, {1}}, -1).value == 1.0);
  CHECK(tuple("margin-ranking", {{2}, {1}}, 1, {{"margin", 1.5}}).value == 0.5);
}

TEST_CASE("margin-ranking does not change when the scores are swapped and the label is negated") {
  const Arguments margin{{"margin", 0.25}};
  for (const double x : {-1.0, 0.0, 0.125, 3.0})
    CHECK(tuple("margin-ranking", {{x}, {0.5}}, 1, margin).value ==
          tuple("margin-ranking", {{0.5}, {x}}, -1, margin).value);
}

TEST_CASE("margin-ranking has the slopes -y and y, and 0 where the margin is met exactly") {
  const TupleResult below = tuple("margin-ranking", {{1}, {2}}, 1);
  CHECK(below.slopes[0][0] == -1.0);
  CHECK(below.slopes[1][0] == 1.0);
  const TupleResult met = tuple("margin-ranking", {{2}, {1}}, 1, {{"margin", 1.0}});
  CHECK(met.value == 0.0);
  CHECK(met.slopes[0][0] == 0.0);
}
