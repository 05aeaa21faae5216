/// The properties that a loss declares (definition/loss.h), held against its formula.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "registry/units.h"

using namespace losscalc;

namespace {

/// Values of losses of a prediction and a target that can change places.
double elementwise(const Kernels& kernels, double prediction, double target) {
  double loss = 0.0;
  kernels.elementwise->value({&prediction, 1}, {&target, 1}, {&loss, 1});
  return loss;
}

Box<double> random_box(UnitSource& source) {
  const double x = source.uniform(-1, 1);
  const double y = source.uniform(-1, 1);
  return {x, y, x + source.uniform(0.1, 2), y + source.uniform(0.1, 2)};
}

/// The loss where the prediction is the target.
double at_target(const Kernels& kernels, UnitSource& source) {
  if (kernels.elementwise) {
    const double target = within(kernels.elementwise->domain().target, source.uniform(-3, 3));
    return elementwise(kernels, target, target);
  }
  if (kernels.class_terms) {
    const double certain = 0.0;
    const std::uint32_t right_class = 2;
    double loss = 0.0;
    kernels.class_terms->value({&certain, 1}, {&right_class, 1}, {&loss, 1});
    return loss;
  }
  if (kernels.binary) {
    const double target = source.uniform(0, 1) < 0.5 ? 0.0 : 1.0;
    const Numbers certain = log_bernoulli(target == 1.0 ? 1e4 : -1e4);
    double loss = 0.0;
    kernels.binary->value({.log_p = {certain.data(), 1},
                           .log_q = {&certain[1], 1},
                           .target = {&target, 1},
                           .positive_weight = {},
                           .classes = {}},
                          {&loss, 1});
    return loss;
  }
  if (kernels.overlap) {
    const double pixels = std::floor(source.uniform(0, 100));
    return kernels.overlap->value({pixels, pixels, pixels});
  }
  REQUIRE(kernels.box);
  const Box<double> box = random_box(source);
  return kernels.box->value(box, box);
}

/// The loss at a random place, and with prediction and target exchanged.
std::pair<double, double> exchanged(const Kernels& kernels, UnitSource& source) {
  if (kernels.elementwise) {
    const double a = source.uniform(-3, 3);
    const double b = source.uniform(-3, 3);
    return {elementwise(kernels, a, b), elementwise(kernels, b, a)};
  }
  if (kernels.overlap) {
    const Numbers sums = source.uniforms(3, 0, 10);
    const double intersection = 0.1 * sums[0];
    const double prediction = intersection + sums[1];
    const double target = intersection + sums[2];
    return {kernels.overlap->value({intersection, prediction, target}),
            kernels.overlap->value({intersection, target, prediction})};
  }
  REQUIRE(kernels.box);
  const Box<double> a = random_box(source);
  const Box<double> b = random_box(source);
  return {kernels.box->value(a, b), kernels.box->value(b, a)};
}

template <class Check>
void for_each_loss(Check check) {
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    check(*loss);
  }
}

}  // namespace

TEST_CASE("values lie in the declared range") {
  UnitSource source(3);
  for_each_loss([&](const Loss& loss) {
    for (int i = 0; i < 2000; ++i) {
      const Unit unit = source.interior(loss, {});
      CAPTURE(unit.what);
      CAPTURE(to_string(unit.at));
      const double value = unit.value(unit.at);
      CAPTURE(value);
      CHECK(loss.description.properties.range.contains(value));
    }
    for (const Unit& unit : special_units(loss, {})) {
      CAPTURE(unit.what);
      CAPTURE(to_string(unit.at));
      const double value = unit.value(unit.at);
      CAPTURE(value);
      CHECK((loss.description.properties.range.contains(value) || std::isinf(value)));
    }
  });
}

TEST_CASE("convex losses lie below their chords") {
  UnitSource source(4);
  for_each_loss([&](const Loss& loss) {
    if (!loss.description.properties.convex) return;
    for (int i = 0; i < 3000; ++i) {
      std::size_t dimension = 0;
      const auto f = convex_function(loss, source, dimension);
      const double spread = std::pow(10.0, source.uniform(-2, 1.5));
      Numbers a = source.uniforms(dimension, -spread, spread);
      Numbers b = source.uniforms(dimension, -spread, spread);
      if (const auto elementwise_kernel = loss.kernels({}).elementwise) {
        const Interval domain = elementwise_kernel->domain().prediction;
        for (Numbers* numbers : {&a, &b}) numbers->front() = within(domain, numbers->front());
      }
      Numbers middle(dimension);
      for (std::size_t d = 0; d < dimension; ++d) middle[d] = 0.5 * (a[d] + b[d]);
      CAPTURE(to_string(a));
      CAPTURE(to_string(b));
      const double ends = std::fabs(f(a)) + std::fabs(f(b));
      CHECK(f(middle) <= 0.5 * (f(a) + f(b)) + 1e-14 * ends + 1e-15);
    }
  });
}

TEST_CASE("losses that say so are exactly 0 at the target") {
  UnitSource source(5);
  for_each_loss([&](const Loss& loss) {
    if (!loss.description.properties.zero_at_target) return;
    for (int i = 0; i < 200; ++i) CHECK(at_target(loss.kernels({}), source) == 0.0);
  });
}

TEST_CASE("symmetric losses let prediction and target change places") {
  UnitSource source(6);
  for_each_loss([&](const Loss& loss) {
    if (!loss.description.properties.symmetric) return;
    for (int i = 0; i < 500; ++i) {
      const auto [one_way, other_way] = exchanged(loss.kernels({}), source);
      CHECK(std::fabs(one_way - other_way) <= 1e-14 * std::max(1.0, std::fabs(one_way)));
    }
  });
}

TEST_CASE("penalties of weights are 0 without weights") {
  for_each_loss([](const Loss& loss) {
    if (loss.domain != Domain::parameters) return;
    const double nothing = 0.0;
    double penalty = 1.0;
    loss.kernels({}).parameters->value({&nothing, 1}, {&penalty, 1});
    CHECK(penalty == 0.0);
  });
}
