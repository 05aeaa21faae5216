#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("cross-entropy of a class is minus its log-probability") {
  CHECK(class_term("cross-entropy", std::log(0.25)).value == std::log(4.0));
  CHECK(class_term("cross-entropy", std::log(0.25)).slope == -1.0);
}

TEST_CASE("cross-entropy of a certain right answer is 0, not minus 0") {
  CHECK_FALSE(std::signbit(class_term("cross-entropy", 0.0).value));
}
