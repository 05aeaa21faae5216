#include "generation/random_inputs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "evaluation/evaluate.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/random_terms.h"
#include "generation/random.h"

namespace losscalc::generation {
namespace {

using evaluation::Inputs;

Conventions conventions_of(const evaluation::Variant& variant) {
  Conventions conventions = default_conventions(*variant.loss);
  conventions.from = variant.from;
  conventions.link = variant.link;
  return conventions;
}

evaluation::Term term_of(const evaluation::Variant& variant, Regime regime, std::uint64_t seed) {
  evaluation::Term term{{.loss = variant.loss, .conventions = conventions_of(variant)}};
  const Shape shape = default_shape(*variant.loss, term.conventions, 500);
  term.inputs = random_inputs(*variant.loss, {}, term.conventions, shape, regime, seed);
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
  return random_inputs(loss, parameters, default_conventions(loss), shape, regime, 7);
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
    for (const auto& row : regimes()) {
      const Regime regime = row.value;
      CAPTURE(variant.name);
      CAPTURE(static_cast<int>(regime));
      for (std::uint64_t seed = 0; seed < 5; ++seed)
        CHECK(std::isfinite(value_of(term_of(variant, regime, seed))));
    }
  }
}

TEST_CASE("the seed alone decides random inputs") {
  for (const evaluation::Variant& variant : evaluation::all_variants()) {
    for (const auto& row : regimes()) {
      const Regime regime = row.value;
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

TEST_CASE("random inputs are valid for other class axes, box formats and small sizes") {
  struct Example {
    const char* loss;
    Shape shape;
    Conventions conventions = {};
  };
  std::vector<Example> examples{
      {"triplet", {5, 1}}, {"triplet", {5, 2}},       {"contrastive", {5, 1}}, {"hinge", {5, 1}},
      {"hinge", {5, 2}},   {"cross-entropy", {5, 1}}, {"focal", {5, 2, 2}},    {"dice", {5, 1, 4}},
      {"mse", {2, 1, 3}},  {"iou", {3, 2, 4}},        {"l1-penalty", {1}}};
  for (const std::int64_t axis : {-3, -2, -1, 0, 2, 3}) {
    examples.push_back({"cross-entropy", {}, {}});
    examples.back().conventions.class_axis = axis;
    examples.push_back({"dice", {}, {}});
    examples.back().conventions.class_axis = axis;
  }
  for (const BoxFormat format : {BoxFormat::xyxy, BoxFormat::cxcywh, BoxFormat::xywh}) {
    examples.push_back({"giou", {200, 4}, {}});
    examples.back().conventions.boxes = format;
  }
  for (const Example& example : examples) {
    const Loss& loss = *find_loss(example.loss);
    const Shape shape =
        example.shape.empty() ? default_shape(loss, example.conventions, 300) : example.shape;
    CAPTURE(example.loss);
    CAPTURE(to_string(shape));
    for (const auto& row : regimes()) {
      const Regime regime = row.value;
      evaluation::Term term{{.loss = &loss, .conventions = example.conventions}};
      term.inputs = random_inputs(loss, {}, term.conventions, shape, regime, 11);
      CHECK(std::isfinite(value_of(term)));
    }
  }
}

TEST_CASE("extreme probabilities stay clear of the clipping") {
  for (const char* loss : {"cross-entropy", "binary-cross-entropy", "dice"}) {
    CAPTURE(loss);
    const Inputs inputs = inputs_of(
        loss, {}, default_shape(*find_loss(loss), default_conventions(*find_loss(loss)), 10000),
        Regime::extreme);
    const std::vector<double> p = numbers(inputs, "pred");
    const auto [least, most] = std::ranges::minmax(p);
    CHECK(least >= 1e-12);
    CHECK(least < 1e-9);
    CHECK(most <= 1.0 - 1e-9);
    CHECK(most > 1.0 - 1e-6);
  }
}

TEST_CASE("scores meet the margin and tie") {
  constexpr std::size_t classes = 4;
  const Inputs inputs = inputs_of("hinge", {{"margin", 0.3}}, {400, classes}, Regime::kinks);
  const std::vector<double> scores = numbers(inputs, "pred");
  const std::vector<double> right = numbers(inputs, "target");
  int at_margin = 0;
  int ties = 0;
  for (std::size_t n = 0; n < right.size(); ++n) {
    const double* row = &scores[n * classes];
    const double own = row[static_cast<std::size_t>(right[n])];
    bool tie = false;
    bool meets = false;
    for (std::size_t a = 0; a < classes; ++a) {
      meets = meets || row[a] - own + 0.3 == 0.0;
      for (std::size_t b = 0; b < a; ++b) tie = tie || row[a] == row[b];
    }
    at_margin += meets ? 1 : 0;
    ties += tie ? 1 : 0;
  }
  CHECK(at_margin >= 40);
  CHECK(ties >= 40);
}

TEST_CASE("edges of boxes coincide exactly in every format") {
  for (const BoxFormat format : {BoxFormat::xyxy, BoxFormat::cxcywh, BoxFormat::xywh}) {
    Conventions conventions;
    conventions.boxes = format;
    const Inputs inputs =
        random_inputs(*find_loss("iou"), {}, conventions, {400, 4}, Regime::kinks, 3);
    const std::vector<double> p = numbers(inputs, "pred");
    const std::vector<double> t = numbers(inputs, "target");
    const auto edges = [format](const std::vector<double>& boxes, std::size_t box) {
      const double start = boxes[4 * box];
      const double size = boxes[4 * box + 2];
      if (format == BoxFormat::xyxy) return std::pair{start, size};
      if (format == BoxFormat::xywh) return std::pair{start, start + size};
      return std::pair{start - 0.5 * size, start + 0.5 * size};
    };
    int meetings = 0;
    for (std::size_t box = 0; box < 400; ++box) {
      const auto [p1, p2] = edges(p, box);
      const auto [t1, t2] = edges(t, box);
      if (p1 == t1 || p2 == t2 || p1 == t2 || p2 == t1) ++meetings;
    }
    CAPTURE(static_cast<int>(format));
    CHECK(meetings >= 60);
  }
}

TEST_CASE("tuples meet the margin, whatever the distance") {
  for (const char* distance : {"l2", "squared-l2", "l1", "cosine"}) {
    for (const bool swap : {false, true}) {
      CAPTURE(distance);
      CAPTURE(swap);
      evaluation::Term term{
          {.loss = find_loss("triplet"),
           .parameters = {{"distance", std::string(distance)}, {"swap", swap}, {"margin", 0.25}}}};
      term.conventions.reduction = Reduction::none;
      term.inputs =
          random_inputs(*term.loss, term.parameters, term.conventions, {500, 6}, Regime::kinks, 3);
      // Next to the bend on its steep side; as many units are on its flat side, where all are 0.
      const std::vector<double> losses = evaluation::evaluate({term}, {}).losses;
      CHECK(std::ranges::count_if(losses, [](double l) { return l > 0.0 && l < 1e-3; }) >= 25);
    }
  }
}

TEST_CASE("uniform numbers are those of SplitMix64") {
  Random random(42);
  for (const double expected :
       {0x1.5f87eae99441cp-2, 0x1.e957a287fd648p-1, 0x1.f2059ce304a40p-2, 0x1.13e5dec6f8fd8p-4})
    CHECK(random.uniform() == expected);
}

TEST_CASE("normal numbers have mean 0 and deviation 1, kink distances every magnitude") {
  Random random(1);
  constexpr int count = 100000;
  double sum = 0.0;
  double squares = 0.0;
  int exact = 0;
  int tiny = 0;
  for (int i = 0; i < count; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
    const double distance = std::fabs(random.kink_distance());
    CHECK_UNARY(distance <= 0.1);
    exact += distance == 0.0 ? 1 : 0;
    tiny += distance > 0.0 && distance < 1e-15 ? 1 : 0;
  }
  CHECK(std::fabs(sum / count) < 0.01);
  CHECK(std::fabs(squares / count - 1.0) < 0.02);
  CHECK(std::fabs(exact / double{count} - 0.25) < 0.01);
  CHECK(std::fabs(tiny / double{count} - 0.05) < 0.01);
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
