#include "losses/single.h"

using namespace losscalc::single;

TEST_CASE("hinge-embedding is the distance of similar pairs, and what others lack to the margin") {
  CHECK(elementwise("hinge-embedding", 0.25, 1.0).value == 0.25);
  CHECK(elementwise("hinge-embedding", 0.25, -1.0).value == 0.75);
  CHECK(elementwise("hinge-embedding", 0.25, 1.0).slope == 1.0);
  CHECK(elementwise("hinge-embedding", 0.25, -1.0).slope == -1.0);
}

TEST_CASE("dissimilar pairs at the margin and beyond cost nothing") {
  const losscalc::Arguments margin{{"margin", 0.5}};
  CHECK(elementwise("hinge-embedding", 0.5, -1.0, margin).value == 0.0);
  CHECK(elementwise("hinge-embedding", 0.5, -1.0, margin).slope == 0.0);
  CHECK(elementwise("hinge-embedding", 9.0, -1.0, margin).value == 0.0);
  CHECK(elementwise("hinge-embedding", std::nextafter(0.5, 0.0), -1.0, margin).slope == -1.0);
}
