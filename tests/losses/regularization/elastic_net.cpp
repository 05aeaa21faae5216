#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("elastic-net is the sum of the l1 and the l2 penalty") {
  for (const double w : {-3.0, 0.0, 0.5}) {
    const Arguments both{{"l1", 0.25}, {"l2", 0.5}};
    CHECK(penalty("elastic-net", w, both).value ==
          penalty("l1-penalty", w, {{"lambda", 0.25}}).value +
              penalty("l2-penalty", w, {{"lambda", 0.5}}).value);
    CHECK(penalty("elastic-net", w, both).slope ==
          penalty("l1-penalty", w, {{"lambda", 0.25}}).slope +
              penalty("l2-penalty", w, {{"lambda", 0.5}}).slope);
  }
}

TEST_CASE("elastic-net has slope 0 at its kink, w = 0") {
  CHECK(penalty("elastic-net", 0.0).slope == 0.0);
}

TEST_CASE("elastic-net refuses negative strengths") {
  CHECK(refusal("elastic-net", {{"l1", -1.0}}) == "l1 must be >= 0, found -1");
  CHECK(refusal("elastic-net", {{"l2", -1.0}}) == "l2 must be >= 0, found -1");
}
