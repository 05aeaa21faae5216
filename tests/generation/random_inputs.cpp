#include "generation/random_inputs.h"

#include <doctest/doctest.h>

#include <cmath>

#include "evaluation/inputs.h"
#include "evaluation/random_terms.h"

namespace losscalc::generation {
namespace {

using evaluation::Inputs;
using evaluation::Shape;

constexpr Regime regimes[] = {Regime::ordinary, Regime::extreme, Regime::kinks};

Choices choices_of(const evaluation::Variant& variant) {
  Choices choices = default_choices(*variant.loss);
  choices.from = variant.from;
  choices.link = variant.link;
  return choices;
}

evaluation::Term term_of(const evaluation::Variant& variant, Regime regime, std::uint64_t seed) {
  evaluation::Term term{.loss = variant.loss, .choices = choices_of(variant)};
  const Shape shape = default_shape(*variant.loss, term.choices, 500);
  term.inputs = random_inputs(*variant.loss, {}, term.choices, shape, regime, seed);
  return term;
}

double value_of(const evaluation::Term& term) { return evaluation::evaluate({term}, {}).value; }

std::vector<double> numbers(const Inputs& inputs) {
  std::vector<double> all;
  for (const auto& [role, arrays] : inputs) {
    for (const evaluation::Data& data : arrays) {
      const std::vector<double> values = evaluation::read_all(data);
      all.insert(all.end(), values.begin(), values.end());
    }
  }
  return all;
}

std::vector<double> numbers(const Inputs& inputs, const char* role) {
  return evaluation::read_all(inputs.at(role).front());
}

Inputs inputs_of(const char* loss_name, const Arguments& parameters, const Shape& shape,
                 Regime regime) {
  const Loss& loss = *find_loss(loss_name);
  return random_inputs(loss, parameters, default_choices(loss), shape, regime, 7);
}

std::string message_of(const char* loss_name, const Shape& shape) {
  try {
    inputs_of(loss_name, {}, shape, Regime::ordinary);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_value);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("random inputs are valid for every loss, form, link and regime") {
  for (const evaluation::Variant& variant : evaluation::all_variants()) {
    for (const Regime regime : regimes) {
      CAPTURE(variant.name);
      CAPTURE(static_cast<int>(regime));
      for (std::uint64_t seed = 0; seed < 5; ++seed)
        CHECK(std::isfinite(value_of(term_of(variant, regime, seed))));
    }
  }
}

TEST_CASE("the seed alone decides random inputs") {
  for (const evaluation::Variant& variant : evaluation::all_variants()) {
    for (const Regime regime : regimes) {
      CAPTURE(variant.name);
      const std::vector<double> once = numbers(term_of(variant, regime, 1).inputs);
      CHECK(once == numbers(term_of(variant, regime, 1).inputs));
      CHECK(once != numbers(term_of(variant, regime, 2).inputs));
    }
  }
}

TEST_CASE("kinks of residuals are hit and approached") {
  struct Example {
    const char* loss;
    Arguments parameters;
    double bend;
  };
  const Example examples[] = {{"l1", {}, 0.0},
                              {"huber", {{"delta", 0.1}}, 0.1},
                              {"smooth-l1", {{"beta", 0.3}}, 0.3},
                              {"smooth-l1", {{"beta", 0.0}}, 0.0}};
  for (const Example& example : examples) {
    CAPTURE(example.loss);
    const Inputs inputs = inputs_of(example.loss, example.parameters, {1000}, Regime::kinks);
    const std::vector<double> prediction = numbers(inputs, "pred");
    const std::vector<double> target = numbers(inputs, "target");
    int hits = 0;
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      const double distance = std::fabs(std::fabs(prediction[i] - target[i]) - example.bend);
      CHECK(distance <= 0.1 + 1e-12);
      if (distance == 0.0) ++hits;
    }
    CHECK(hits >= 200);
    CHECK(hits <= 500);
  }
}

TEST_CASE("random inputs say which shapes fit") {
  CHECK(message_of("cross-entropy", {7}) ==
        "cross-entropy: expected a shape of at least 2 axes with the classes along axis 1, such as "
        "[20,5], found [7]");
  CHECK(message_of("triplet", {7, 3, 2}) ==
        "triplet: expected the 2 axes [N,D], such as [12,8], found [7,3,2]");
  CHECK(message_of("iou", {7, 3}) ==
        "iou: expected at least 2 axes, the last of length 4, such as [25,4], found [7,3]");
  CHECK(message_of("mse", {0}) ==
        "mse: expected a shape with lengths of at least 1, such as [100], found [0]");
}

TEST_CASE("shapes are read in three notations") {
  for (const char* text : {"4x3", "4,3", "[4,3]", " [ 4, 3 ] "}) {
    CAPTURE(text);
    CHECK(parse_shape(text) == Shape{4, 3});
  }
  CHECK(parse_shape("5") == Shape{5});
  CHECK(parse_shape("[5]") == Shape{5});
  for (const char* text : {"", "x", "4x", "4x3,2", "[4,3", "0x3", "-1", "4.5", "[]", "4 3", "[4x3]",
                           "99999999999", "99999x99999x99999x99999"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_shape(text), Error);
  }
  CHECK_THROWS_WITH(parse_shape("4x"),
                    "expected a shape such as 4x3, 4,3 or [4,3], with lengths of at least 1, found "
                    "'4x'");
}

}  // namespace losscalc::generation
