#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("listwise-softmax of one relevant item is cross-entropy") {
  const std::vector<double> row{2.0, 0.0, -1.0};
  const TupleResult result = tuple("listwise-softmax", {row, {1, 0, 0}, {}, {}});
  CHECK(result.value ==
        doctest::Approx(std::log(1 + std::exp(-2.0) + std::exp(-3.0))).epsilon(1e-15));
  double sum = 0.0;
  for (const double slope : result.slopes[0]) sum += slope;
  CHECK(sum == doctest::Approx(0.0).epsilon(1e-15));
}

TEST_CASE("listwise-softmax of equal scores is the sum of relevances times log L") {
  CHECK(tuple("listwise-softmax", {{5, 5, 5, 5}, {1, 0, 2, 0}, {}, {}}).value ==
        doctest::Approx(3 * std::log(4.0)).epsilon(1e-15));
}

TEST_CASE("listwise-softmax leaves masked items out, and lists without any item") {
  const TupleResult masked = tuple("listwise-softmax", {{2, 0, 90}, {1, 0, 5}, {1, 1, 0}, {}});
  CHECK(masked.value == tuple("listwise-softmax", {{2, 0}, {1, 0}, {}, {}}).value);
  CHECK(masked.slopes[0][2] == 0.0);
  const std::vector<double> row{2, 0};
  const std::vector<double> none{0, 0};
  const std::vector<std::span<const double>> list{row, row, none, {}};
  CHECK_FALSE(kernels("listwise-softmax").tuple->counts(list));
}

TEST_CASE("element_weight of listwise-softmax multiplies the relevance of each item") {
  CHECK(
      tuple("listwise-softmax", {{2, 0}, {1, 3}, {}, {4, 0.5}}).value ==
      doctest::Approx(tuple("listwise-softmax", {{2, 0}, {4, 1.5}, {}, {}}).value).epsilon(1e-15));
}

TEST_CASE("listwise-softmax keeps the digits of a list whose best item is the relevant one") {
  CHECK(tuple("listwise-softmax", {{100, 0}, {1, 0}, {}, {}}).value ==
        doctest::Approx(std::exp(-100.0)).epsilon(1e-14));
}
