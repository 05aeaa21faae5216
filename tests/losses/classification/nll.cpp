#include <algorithm>

#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("nll is cross-entropy on log-probabilities") {
  for (const double log_p : {0.0, -1e-20, -0.7, -800.0}) {
    CHECK(class_term("nll", log_p).value == class_term("cross-entropy", log_p).value);
    CHECK(class_term("nll", log_p).slope == class_term("cross-entropy", log_p).slope);
  }
}

TEST_CASE("nll takes log-probabilities and nothing else, and believes them") {
  CHECK(losscalc::find_loss("nll")->from == std::vector{losscalc::From::log_probs});
  CHECK(class_term("nll", 2.0).value == -2.0);
}
