#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

using VectorList = std::vector<std::vector<double>>;

const VectorList triple{{0, 0}, {1, 0}, {0, 1.2}};

}  // namespace

TEST_CASE("triplet asks that the negative lie a margin further off than the positive") {
  const TupleResult result = tuple("triplet", triple);
  CHECK(result.value == doctest::Approx(0.8).epsilon(1e-15));
  CHECK(result.slopes[0] == std::vector<double>{-1, 1});
  CHECK(result.slopes[1] == std::vector<double>{1, 0});
  CHECK(result.slopes[2] == std::vector<double>{0, -1});
}

TEST_CASE("triplet of squared distances is FaceNet's") {
  CHECK(tuple("triplet", triple, 0, {word("distance", "squared-l2")}).value ==
        doctest::Approx(0.56).epsilon(1e-14));
}

TEST_CASE("triplet of l1 distances sums absolute differences") {
  CHECK(tuple("triplet", {{0, 0}, {1, 2}, {2, 2}}, 0, {word("distance", "l1")}).value == 0.0);
  CHECK(tuple("triplet", {{0, 0}, {1, 2}, {2, 1.5}}, 0, {word("distance", "l1")}).value == 0.5);
}

TEST_CASE("triplet of cosine distances looks at directions alone") {
  const VectorList vectors{{1, 0}, {0, 5}, {3, 0}};
  CHECK(tuple("triplet", vectors, 0, {word("distance", "cosine")}).value ==
        doctest::Approx(2.0).epsilon(1e-15));
}

TEST_CASE("a zero vector has cosine similarity 0 and no slope") {
  const TupleResult result =
      tuple("triplet", {{0, 0}, {1, 0}, {1, 0}}, 0, {word("distance", "cosine")});
  CHECK(result.value == 1.0);
  for (const auto& slope : result.slopes) CHECK(slope == std::vector<double>{0, 0});
}

TEST_CASE("triplet is 0 with slope 0 where the margin is met exactly") {
  const TupleResult result = tuple("triplet", {{0, 0}, {1, 0}, {0, 2}});
  CHECK(result.value == 0.0);
  for (const auto& slope : result.slopes) CHECK(slope == std::vector<double>{0, 0});
}

TEST_CASE("swap takes the negative's distance to the positive where that is the smaller") {
  const VectorList vectors{{0, 0}, {1, 0}, {1.5, 0}};
  CHECK(tuple("triplet", vectors).value == 0.5);
  const TupleResult swapped = tuple("triplet", vectors, 0, {{"swap", true}});
  CHECK(swapped.value == 1.5);
  CHECK(swapped.slopes[0] == std::vector<double>{-1, 0});
  CHECK(swapped.slopes[2] == std::vector<double>{-1, 0});
  CHECK(tuple("triplet", triple, 0, {{"swap", true}}).value == tuple("triplet", triple).value);
}

TEST_CASE("distance_eps is added to each signed difference, as torch does") {
  // |(0,0) - (1,0) + 0.5| = |(-0.5, 0.5)|, |(0,0) - (0,1) + 0.5| = |(0.5, -0.5)|
  CHECK(tuple("triplet", {{0, 0}, {1, 0}, {0, 1}}, 0, {{"distance_eps", 0.5}}).value == 1.0);
  // |(0.5)| for equal vectors
  CHECK(tuple("triplet", {{2}, {2}, {2.5}}, 0, {{"distance_eps", 0.5}}).value == 1.5);
}

TEST_CASE("l2 has slope 0 between equal vectors") {
  const TupleResult result = tuple("triplet", {{1, 1}, {1, 1}, {1, 1}});
  CHECK(result.value == 1.0);
  for (const auto& slope : result.slopes) CHECK(slope == std::vector<double>{0, 0});
}

TEST_CASE("l2 and cosine neither under- nor overflow on the way to the distance") {
  for (const double s : {1e-200, 1e200}) {
    const Arguments no_margin{{"margin", 0.0}};
    CHECK(tuple("triplet", {{0, 0}, {3 * s, 4 * s}, {0, 0}}, 0, no_margin).value ==
          doctest::Approx(5 * s).epsilon(1e-15));
    CHECK(
        tuple("triplet", {{s, 0}, {0, s}, {s, 0}}, 0, {{"margin", 0.0}, word("distance", "cosine")})
            .value == doctest::Approx(1.0).epsilon(1e-15));
  }
}

TEST_CASE("the cosine distance of nearly one direction keeps its digits") {
  // directions at an angle of 1e-9: 1 - cos = 5e-19
  CHECK(tuple("triplet", {{1, 0}, {1, 1e-9}, {2, 0}}, 0,
              {{"margin", 0.0}, word("distance", "cosine")})
            .value == doctest::Approx(5e-19).epsilon(1e-6));
}

TEST_CASE("triplet refuses distances that it doesn't know") {
  CHECK(refusal("triplet", {word("distance", "l3")}) ==
        "distance must be one of l2, squared-l2, l1, cosine, lp, signed-lp, found l3");
  CHECK(refusal("triplet", {{"swap", 1.0}}) == "swap must be true or false, found 1");
  CHECK(refusal("triplet", {{"margin", -1.0}}) == "margin must be >= 0, found -1");
}
