#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

const std::vector<double> one_pair{0, 0, 1};

}  // namespace

TEST_CASE("circle leaves out samples without a positive or without a negative") {
  const Kernels k = kernels("circle");
  CHECK(k.batch->weight(one_pair, 0) == 1.0);
  CHECK(k.batch->weight(one_pair, 2) == 0.0);
  CHECK(k.batch->weight(std::vector<double>{5, 5, 5}, 0) == 0.0);
  CHECK(kernels("circle", {{"self", true}}).batch->weight(one_pair, 2) == 1.0);
}

TEST_CASE("circle with a positive and a negative on the decision boundary is log 2") {
  // d_p = m and d_n = 1 - m: both exponents are 0.
  const Arguments arguments{{"margin", 0.25}, {"gamma", 80.0}};
  CHECK(similarities("circle", {1, 0.75, 0.25}, one_pair, 0, arguments).value ==
        doctest::Approx(std::log(2.0)).epsilon(1e-15));
}

TEST_CASE("circle is gamma times the sum of the exponents where a pair is hopeless, not infinite") {
  // d_p = 2 and d_n = 0, m = 1/4: 1000 (2 + 1/4) (2 - 1/4) + 1000 (1 + 1/4) (1 - 1/4)
  const Arguments arguments{{"margin", 0.25}, {"gamma", 1000.0}};
  CHECK(similarities("circle", {1, -1, 1}, one_pair, 0, arguments).value == 4875.0);
}

TEST_CASE("circle keeps a tiny loss of well separated pairs above 0") {
  const Arguments arguments{{"margin", 0.25}, {"gamma", 80.0}};
  const RowResult result = similarities("circle", {1, 1, -1}, one_pair, 0, arguments);
  // d_p = 0: exponent -80/16 = -5; d_n = 2: the factor max(0, 1 + m - d) is 0.
  CHECK(result.value == doctest::Approx(std::log1p(std::exp(-5.0))).epsilon(1e-15));
}

TEST_CASE("circle has slopes of opposite signs for positives and negatives, and none for itself") {
  const RowResult result = similarities("circle", {1, 0.5, 0.5}, one_pair, 0);
  CHECK(result.slope[0] == 0.0);
  CHECK(result.slope[1] < 0.0);
  CHECK(result.slope[2] > 0.0);
}
