#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

TEST_CASE("multilabel-margin gives PyTorch's example 0.85") {
  // (1/4) (1 - (0.1 - 0.2) + 1 - (0.1 - 0.4) + 1 - (0.8 - 0.2) + 1 - (0.8 - 0.4))
  const TupleResult result = tuple("multilabel-margin", {{0.1, 0.2, 0.4, 0.8}, {3, 0, -1, 1}});
  CHECK(result.value == doctest::Approx(0.85).epsilon(1e-15));
  CHECK(result.slopes[0] == std::vector<double>{-0.5, 0.5, 0.5, -0.5});
}

TEST_CASE("multilabel-margin reads no label after the first -1") {
  const std::vector<double> row{0.1, 0.2, 0.4, 0.8};
  CHECK(tuple("multilabel-margin", {row, {3, -1, 0, 1}}).value ==
        tuple("multilabel-margin", {row, {3, -1, -1, -1}}).value);
}

TEST_CASE("multilabel-margin is 0 where no class or every class is right") {
  CHECK(tuple("multilabel-margin", {{1, 2}, {-1, -1}}).value == 0.0);
  CHECK(tuple("multilabel-margin", {{1, 2}, {0, 1}}).value == 0.0);
}

TEST_CASE("multilabel-margin of one right class is hinge's mean form") {
  const std::vector<double> row{1.0, 0.5, 0.25};
  CHECK(tuple("multilabel-margin", {row, {1, -1, -1}}).value ==
        doctest::Approx(scores("hinge", row, 1, {word("form", "mean")}).value).epsilon(1e-15));
}
