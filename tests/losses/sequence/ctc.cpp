#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

/// `steps` of uniform probabilities over `classes`.
std::vector<double> uniform(std::size_t steps, std::size_t classes) {
  return std::vector<double>(steps * classes, -std::log(static_cast<double>(classes)));
}

double probability(std::size_t steps, std::size_t classes,
                   const std::vector<std::uint32_t>& labels) {
  return std::exp(-sequence("ctc", uniform(steps, classes), classes, labels).value);
}

}  // namespace

TEST_CASE("ctc counts the alignments of a label sequence") {
  // Of 3^2 paths, "a" is aa, a-, -a; "ab" is only ab; the empty sequence only --.
  CHECK(probability(2, 3, {1}) == doctest::Approx(3.0 / 9).epsilon(1e-15));
  CHECK(probability(2, 3, {1, 2}) == doctest::Approx(1.0 / 9).epsilon(1e-15));
  CHECK(probability(2, 3, {}) == doctest::Approx(1.0 / 9).epsilon(1e-15));
}

TEST_CASE("ctc needs a blank between equal labels") {
  CHECK(sequence("ctc", uniform(2, 3), 3, {1, 1}).value == infinity);
  CHECK(probability(3, 3, {1, 1}) == doctest::Approx(1.0 / 27).epsilon(1e-15));
  // aa-bb, a--b-, ...: of 3^4 paths, 5 are "aa" with its blank.
  CHECK(probability(4, 3, {1, 1}) == doctest::Approx(5.0 / 81).epsilon(1e-15));
}

TEST_CASE("the probabilities of all label sequences sum to 1") {
  double sum = probability(2, 2, {});
  sum += probability(2, 2, {1});
  CHECK(sum == doctest::Approx(1.0).epsilon(1e-15));
}

TEST_CASE("ctc of labels that don't fit is infinite with slope 0, or 0 with zero_infinity") {
  const RowResult result = sequence("ctc", uniform(1, 3), 3, {1, 2});
  CHECK(result.value == infinity);
  for (const double slope : result.slope) CHECK(slope == 0.0);
  CHECK(sequence("ctc", uniform(1, 3), 3, {1, 2}, {{"zero_infinity", true}}).value == 0.0);
}

TEST_CASE(
    "the slopes of ctc are minus the posteriors of the classes, which sum to 1 at each step") {
  const RowResult result = sequence("ctc", uniform(2, 3), 3, {1});
  // The alignments aa, a-, -a are equally likely: a has 2/3 at each step, the blank 1/3.
  for (const std::size_t step : {0U, 1U}) {
    CHECK(result.slope[3 * step] == doctest::Approx(-1.0 / 3).epsilon(1e-15));
    CHECK(result.slope[3 * step + 1] == doctest::Approx(-2.0 / 3).epsilon(1e-15));
    CHECK(result.slope[3 * step + 2] == 0.0);
  }
}

TEST_CASE("ctc of a long sequence stays finite where probabilities underflow") {
  // 2000 steps of blanks only: one alignment with probability 10^-2000.
  CHECK(sequence("ctc", uniform(2000, 10), 10, {}).value ==
        doctest::Approx(2000 * std::log(10.0)).epsilon(1e-13));
}

TEST_CASE("a negative blank counts from the last class") {
  CHECK(kernels("ctc", {{"blank", -1.0}}).sequence->blank(5) == 4);
  CHECK(kernels("ctc").sequence->blank(5) == 0);
}
