#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("poly-cross-entropy with epsilon 0 is cross-entropy") {
  for (const double log_p : {0.0, -1e-20, -0.7, -800.0, -infinity}) {
    CHECK(class_term("poly-1", log_p, {{"epsilon", 0.0}}).value ==
          class_term("cross-entropy", log_p).value);
    CHECK(class_term("poly-1", log_p, {{"epsilon", 0.0}}).slope == -1.0);
  }
}

TEST_CASE("poly-cross-entropy adds epsilon (1 - p)") {
  CHECK(class_term("poly-1", std::log(0.25), {{"epsilon", 2.0}}).value ==
        doctest::Approx(std::log(4.0) + 1.5).epsilon(1e-15));
  CHECK(class_term("poly-1", std::log(0.25), {{"epsilon", 2.0}}).slope ==
        doctest::Approx(-1.5).epsilon(1e-15));
}

TEST_CASE("poly-cross-entropy with epsilon -1 starts with the second Taylor term (1 - p)^2 / 2") {
  const double log_p = std::log1p(-1e-4);
  CHECK(class_term("poly-1", log_p, {{"epsilon", -1.0}}).value ==
        doctest::Approx(0.5e-8 + 1e-12 / 3.0).epsilon(1e-7));
}
