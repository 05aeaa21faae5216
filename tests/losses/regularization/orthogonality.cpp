#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

const std::vector<double> no_labels;

}  // namespace

TEST_CASE("orthogonality is 0 for orthogonal rows and lambda for parallel ones") {
  CHECK(similarities("orthogonality", {1, 0, 0}, no_labels, 0).value == 0.0);
  CHECK(similarities("orthogonality", {1, 1, -1}, no_labels, 0).value == 1.0);
  CHECK(similarities("orthogonality", {1, 1, -1}, no_labels, 0, {{"lambda", 0.5}}).value == 0.5);
}

TEST_CASE("orthogonality has the sign of each cosine as slope, 0 for the row itself and at 0") {
  CHECK(similarities("orthogonality", {1, 0.5, -0.5, 0, 0}, no_labels, 0).slope ==
        std::vector<double>{0, 0.25, -0.25, 0, 0});
}

TEST_CASE("a single row is orthogonal to all others") {
  CHECK(similarities("orthogonality", {1}, no_labels, 0).value == 0.0);
  CHECK(similarities("orthogonality", {1}, no_labels, 0).slope == std::vector<double>{0});
}
