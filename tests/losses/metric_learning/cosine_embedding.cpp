#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

using Pair = std::vector<std::vector<double>>;

}  // namespace

TEST_CASE("cosine-embedding of a similar pair is one minus the cosine") {
  CHECK(tuple("cosine-embedding", {{1, 0}, {0, 3}}, 1).value == 1.0);
  CHECK(tuple("cosine-embedding", {{1, 0}, {5, 0}}, 1).value == 0.0);
  CHECK(tuple("cosine-embedding", {{1, 0}, {-5, 0}}, 1).value == 2.0);
}

TEST_CASE("cosine-embedding of a dissimilar pair is the cosine above the margin") {
  const Pair pair{{3, 4}, {5, 0}};  // cosine 0.6
  CHECK(tuple("cosine-embedding", pair, -1).value == doctest::Approx(0.6).epsilon(1e-15));
  CHECK(tuple("cosine-embedding", pair, -1, {{"margin", 0.5}}).value ==
        doctest::Approx(0.1).epsilon(1e-14));
  const TupleResult beyond = tuple("cosine-embedding", pair, -1, {{"margin", 0.75}});
  CHECK(beyond.value == 0.0);
  CHECK(beyond.slopes[0] == std::vector<double>{0, 0});
}

TEST_CASE("cosine-embedding does not depend on the lengths of its vectors") {
  CHECK(tuple("cosine-embedding", {{3e100, 4e100}, {5e-100, 0}}, 1).value ==
        doctest::Approx(0.4).epsilon(1e-15));
}

TEST_CASE("cosine-embedding of any other label is 0, as in PyTorch") {
  const TupleResult result = tuple("cosine-embedding", {{1, 0}, {0, 1}}, 0.5);
  CHECK(result.value == 0.0);
  CHECK(result.slopes[1] == std::vector<double>{0, 0});
}

TEST_CASE("cosine-embedding with norm_eps adds it to each squared length") {
  // 1 - 1 / (1 + 3)
  CHECK(tuple("cosine-embedding", {{1, 0}, {1, 0}}, 1, {{"norm_eps", 3.0}}).value ==
        doctest::Approx(0.75).epsilon(1e-15));
}
