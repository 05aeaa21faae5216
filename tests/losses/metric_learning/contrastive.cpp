#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

using Tuple = std::vector<std::vector<double>>;

const Tuple two_points{{0, 0}, {0.6, 0}};

}  // namespace

TEST_CASE("contrastive draws similar pairs together and pushes others to the margin") {
  CHECK(tuple("contrastive", two_points, 1).value == doctest::Approx(0.18).epsilon(1e-14));
  CHECK(tuple("contrastive", two_points, 0).value == doctest::Approx(0.08).epsilon(1e-14));
  CHECK(tuple("contrastive", two_points, 1).slopes[1][0] == doctest::Approx(0.6).epsilon(1e-15));
  CHECK(tuple("contrastive", two_points, 0).slopes[1][0] == doctest::Approx(-0.4).epsilon(1e-15));
}

TEST_CASE("half=false doubles contrastive, as TF-addons has it") {
  const Arguments whole{{"half", false}};
  CHECK(tuple("contrastive", two_points, 1, whole).value == doctest::Approx(0.36).epsilon(1e-14));
  CHECK(tuple("contrastive", two_points, 0, whole).value == doctest::Approx(0.16).epsilon(1e-14));
}

TEST_CASE("similar=0 reverses the labels, as the original paper has them") {
  const Arguments reversed{{"similar", 0.0}};
  CHECK(tuple("contrastive", two_points, 0, reversed).value ==
        tuple("contrastive", two_points, 1).value);
  CHECK(tuple("contrastive", two_points, 1, reversed).value ==
        tuple("contrastive", two_points, 0).value);
}

TEST_CASE("dissimilar pairs at the margin and beyond cost nothing") {
  for (const double x : {1.0, 7.0}) {
    const TupleResult result = tuple("contrastive", {{0}, {x}}, 0);
    CHECK(result.value == 0.0);
    CHECK(result.slopes[1][0] == 0.0);
  }
}

TEST_CASE("a similar pair of equal vectors has loss 0 and slope 0") {
  const TupleResult result = tuple("contrastive", {{1, 2}, {1, 2}}, 1);
  CHECK(result.value == 0.0);
  CHECK(result.slopes[0] == std::vector<double>{0, 0});
}

TEST_CASE("a dissimilar pair of equal l2 vectors costs the whole margin and has no direction") {
  const TupleResult result = tuple("contrastive", {{1, 2}, {1, 2}}, 0);
  CHECK(result.value == 0.5);
  CHECK(result.slopes[0] == std::vector<double>{0, 0});
}

TEST_CASE("contrastive of cosine distances with margin 1/2 is that of sentence-transformers") {
  const Arguments cosine{word("distance", "cosine"), {"margin", 0.5}};
  // cos = 0.8, d = 0.2
  CHECK(tuple("contrastive", {{1, 0}, {4, 3}}, 1, cosine).value ==
        doctest::Approx(0.02).epsilon(1e-14));
  CHECK(tuple("contrastive", {{1, 0}, {4, 3}}, 0, cosine).value ==
        doctest::Approx(0.045).epsilon(1e-14));
}

TEST_CASE("contrastive refuses a similar label that is neither 0 nor 1") {
  CHECK(refusal("contrastive", {{"similar", 2.0}}) ==
        "similar must be an integer in [0, 1], found 2");
}
