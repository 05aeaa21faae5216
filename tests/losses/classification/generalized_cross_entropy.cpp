#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("generalized-cross-entropy with q = 1 is 1 - p") {
  CHECK(class_term("gce", std::log(0.25), {{"q", 1.0}}).value ==
        doctest::Approx(0.75).epsilon(1e-15));
}

TEST_CASE("generalized-cross-entropy tends to cross-entropy as q tends to 0") {
  const double log_p = std::log(0.25);
  CHECK(class_term("gce", log_p, {{"q", 1e-12}}).value == doctest::Approx(-log_p).epsilon(1e-11));
  CHECK(class_term("gce", log_p, {{"q", 1e-12}}).slope == doctest::Approx(-1.0).epsilon(1e-11));
}

TEST_CASE("generalized-cross-entropy is bounded by 1/q, with slope 0 at p = 0") {
  CHECK(class_term("gce", -infinity, {{"q", 0.5}}).value == 2.0);
  CHECK(class_term("gce", -infinity, {{"q", 0.5}}).slope == 0.0);
}

TEST_CASE("generalized-cross-entropy keeps the digits of nearly certain predictions") {
  CHECK(class_term("gce", -1e-20).value == doctest::Approx(1e-20).epsilon(1e-15));
}

TEST_CASE("generalized-cross-entropy refuses q = 0, where its formula is 0/0") {
  CHECK(refusal("gce", {{"q", 0.0}}) == "q must be in (0, 1], found 0");
}
