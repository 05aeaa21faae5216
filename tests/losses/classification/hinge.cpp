#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

const std::vector<double> witness{1.0, 0.5, 0.2};  // the right class is 1

}  // namespace

TEST_CASE("hinge sums what all rivals fall within the margin, as Weston and Watkins do") {
  CHECK(scores("hinge", witness, 1).value == doctest::Approx(2.2).epsilon(1e-15));
  CHECK(scores("hinge", witness, 1).slope == std::vector<double>{1, -2, 1});
}

TEST_CASE("hinge's max form takes only the worst wrong class, as Crammer and Singer do") {
  const Arguments max{word("form", "max")};
  CHECK(scores("hinge", witness, 1, max).value == 1.5);
  CHECK(scores("hinge", witness, 1, max).slope == std::vector<double>{1, -1, 0});
}

TEST_CASE("hinge's max form takes the first of two rivals that tie") {
  CHECK(scores("hinge", {2, 0, 2}, 1, {word("form", "max")}).slope ==
        std::vector<double>{1, -1, 0});
}

TEST_CASE("hinge is 0 with slope 0 from the margin on, and not a step before it") {
  CHECK(scores("hinge", {1, 0}, 0).value == 0.0);
  CHECK(scores("hinge", {1, 0}, 0).slope == std::vector<double>{0, 0});
  const RowResult before = scores("hinge", {std::nextafter(1.0, 0.0), 0}, 0);
  CHECK(before.value > 0.0);
  CHECK(before.slope == std::vector<double>{-1, 1});
}

TEST_CASE("power 2 squares each rival's violation") {
  const Arguments squared{{"power", 2.0}};
  CHECK(scores("hinge", witness, 1, squared).value == doctest::Approx(1.5 * 1.5 + 0.7 * 0.7));
  CHECK(scores("hinge", witness, 1, squared).slope[0] == 3.0);
  CHECK(scores("hinge", witness, 1, {{"power", 2.0}, word("form", "max")}).value == 2.25);
}

TEST_CASE("margin 0 leaves the perceptron's loss") {
  const Arguments perceptron{{"margin", 0.0}, word("form", "max")};
  CHECK(scores("hinge", witness, 1, perceptron).value == 0.5);
  CHECK(scores("hinge", witness, 0, perceptron).value == 0.0);
}

TEST_CASE("a single class has no rivals and no loss") {
  CHECK(scores("hinge", {3}, 0).value == 0.0);
  CHECK(scores("hinge", {3}, 0).slope == std::vector<double>{0});
}

TEST_CASE("hinge refuses other powers and forms than it has") {
  CHECK(refusal("hinge", {{"power", 3.0}}) == "power must be an integer in [1, 2], found 3");
  CHECK(refusal("hinge", {{"power", 1.5}}) == "power must be an integer in [1, 2], found 1.5");
  CHECK(refusal("hinge", {word("form", "median")}) ==
        "form must be one of sum, max, mean, found median");
  CHECK(refusal("hinge", {{"margin", -1.0}}) == "margin must be >= 0, found -1");
}
