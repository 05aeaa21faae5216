#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("l1-penalty is lambda times the absolute weight") {
  CHECK(penalty("l1-penalty", -2.0, {{"lambda", 0.25}}).value == 0.5);
  CHECK(penalty("l1-penalty", -2.0, {{"lambda", 0.25}}).slope == -0.25);
}

TEST_CASE("l1-penalty takes slope 0 at weight 0") {
  CHECK(penalty("l1-penalty", 0.0).slope == 0.0);
  CHECK(penalty("l1-penalty", 1e-300).slope == 1.0);
}

TEST_CASE("l1-penalty refuses a negative lambda") {
  CHECK(refusal("l1-penalty", {{"lambda", -1.0}}) == "lambda must be >= 0, found -1");
}
