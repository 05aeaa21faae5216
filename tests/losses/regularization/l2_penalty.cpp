#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("l2-penalty is lambda times the squared weight, as Keras has it") {
  CHECK(penalty("l2-penalty", 3.0, {{"lambda", 0.5}}).value == 4.5);
  CHECK(penalty("l2-penalty", 3.0, {{"lambda", 0.5}}).slope == 3.0);
}

TEST_CASE("l2-penalty with half=true has the slope lambda w of weight decay") {
  CHECK(penalty("l2-penalty", 3.0, {{"lambda", 0.5}, {"half", true}}).value == 2.25);
  CHECK(penalty("l2-penalty", 3.0, {{"lambda", 0.5}, {"half", true}}).slope == 1.5);
}

TEST_CASE("l2-penalty refuses a half that is no truth value") {
  CHECK(refusal("l2-penalty", {{"half", 2.0}}) == "half must be true or false, found 2");
}
