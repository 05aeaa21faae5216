#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

using Vectors = std::vector<std::vector<double>>;

const Vectors vectors{{3, 4}, {5, 0}, {}};  // cosine 0.6

}  // namespace

TEST_CASE("cosine-similarity is the distance 1 - c, minus c, or the score c") {
  CHECK(tuple("cosine-similarity", vectors).value == doctest::Approx(0.4).epsilon(1e-15));
  CHECK(tuple("cosine-similarity", vectors, 0, {word("form", "negative")}).value ==
        doctest::Approx(-0.6).epsilon(1e-15));
  CHECK(tuple("cosine-similarity", vectors, 0, {word("form", "similarity")}).value ==
        doctest::Approx(0.6).epsilon(1e-15));
}

TEST_CASE("the slope of cosine-similarity is at right angles to the prediction") {
  const TupleResult result = tuple("cosine-similarity", vectors);
  CHECK(3 * result.slopes[0][0] + 4 * result.slopes[0][1] == doctest::Approx(0.0).epsilon(1e-15));
  CHECK(result.slopes[0][0] < 0.0);
}

TEST_CASE("cosine-similarity of a zero vector is 0 with slope 0") {
  const TupleResult result = tuple("cosine-similarity", {{0, 0}, {1, 0}, {}});
  CHECK(result.value == 1.0);
  CHECK(result.slopes[0] == std::vector<double>{0, 0});
}

TEST_CASE("cosine-similarity keeps the digits of nearly equal directions") {
  CHECK(tuple("cosine-similarity", {{1, 1e-9}, {1, 0}, {}}).value ==
        doctest::Approx(5e-19).epsilon(1e-9));
}

TEST_CASE("cosine-similarity leaves masked coordinates out, in value and slope") {
  const TupleResult masked = tuple("cosine-similarity", {{3, 4, 100}, {5, 0, -7}, {1, 1, 0}});
  CHECK(masked.value == doctest::Approx(0.4).epsilon(1e-15));
  CHECK(masked.slopes[0][2] == 0.0);
  CHECK(masked.slopes[1][2] == 0.0);
}
