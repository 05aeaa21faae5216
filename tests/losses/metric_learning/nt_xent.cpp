#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

const std::vector<double> two_pairs{0, 0, 1, 1};

}  // namespace

TEST_CASE("nt-xent of equal similarities is the log of one more than the negatives") {
  CHECK(similarities("nt-xent", {1, 0.5, 0.5, 0.5}, two_pairs, 0).value ==
        doctest::Approx(std::log(3.0)).epsilon(1e-15));
}

TEST_CASE("nt-xent weighs a sample by its positives, and leaves it out without any") {
  const Kernels k = kernels("nt-xent");
  CHECK(k.batch->weight(two_pairs, 0) == 1.0);
  CHECK(k.batch->weight(std::vector<double>{0, 0, 0, 1}, 0) == 2.0);
  CHECK(k.batch->weight(std::vector<double>{0, 0, 0, 1}, 3) == 0.0);
}

TEST_CASE("nt-xent does not count other positives among the negatives of a positive") {
  // Two positives with similarity 0, one negative with similarity 0: log 2 for each.
  CHECK(similarities("nt-xent", {1, 0, 0, 0}, {0, 0, 0, 1}, 0).value ==
        doctest::Approx(std::log(2.0)).epsilon(1e-15));
}

TEST_CASE("nt-xent at a low temperature is the lead of the hardest negative, not infinite") {
  const Arguments cold{{"temperature", 1e-3}};
  CHECK(similarities("nt-xent", {1, -1, 1, -1}, two_pairs, 0, cold).value == 2000.0);
  CHECK(similarities("nt-xent", {1, -1, 1, -1}, two_pairs, 0, cold).slope ==
        std::vector<double>{0, -1000, 1000, 0});
}

TEST_CASE("the slopes of nt-xent sum to 0, and that of the sample itself is 0") {
  const RowResult result = similarities("nt-xent", {1, 0.25, 0.5, -0.75}, two_pairs, 0);
  CHECK(result.slope[0] == 0.0);
  CHECK(result.slope[1] + result.slope[2] + result.slope[3] == doctest::Approx(0.0).epsilon(1e-15));
}
