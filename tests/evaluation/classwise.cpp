#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "evaluation/evaluate.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

Term cross_entropy(std::vector<double> prediction, Shape prediction_shape,
                   std::vector<double> target, Shape target_shape) {
  Term term{{.loss = find_loss("cross-entropy")}};
  term.conventions = default_conventions(*term.loss);
  term.inputs["pred"] = {in_memory(std::move(prediction), std::move(prediction_shape), "pred")};
  term.inputs["target"] = {in_memory(std::move(target), std::move(target_shape), "target")};
  return term;
}

const std::vector<double> two_rows{0.7, 0.2, 0.1, 0.3, 0.6, 0.1};

std::string message_of(const Term& term) {
  try {
    evaluate({term}, {});
  } catch (const Error& error) {
    return to_string(error.place()) + ": " + error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("cross-entropy is the mean negative log-probability of the target class") {
  const Report report =
      evaluate({cross_entropy(two_rows, {2, 3}, {0, 1}, {2})}, {.per_sample = true});
  CHECK(report.value == 0.4337502838523616);
  CHECK(report.per_sample[0].loss == 0.35667494393873245);
  CHECK(report.per_sample[1].loss == 0.5108256237659907);
  CHECK(report.per_sample[1].target == 1.0);
  CHECK(report.per_sample[1].predicted == 1.0);
}

TEST_CASE("one-hot targets give the loss of their indices") {
  CHECK(evaluate({cross_entropy(two_rows, {2, 3}, {1, 0, 0, 0, 1, 0}, {2, 3})}, {}).value ==
        0.4337502838523616);
}

TEST_CASE("classes last give the loss of classes first") {
  const std::vector<double> first{0.7, 0.3, 0.2, 0.6, 0.1, 0.1};  // [1,3,2]
  Term last = cross_entropy(two_rows, {1, 2, 3}, {0, 1}, {1, 2});
  last.conventions.class_axis = -1;
  const Term channels_first = cross_entropy(first, {1, 3, 2}, {0, 1}, {1, 2});
  CHECK(evaluate({last}, {}).value == 0.4337502838523616);
  CHECK(evaluate({channels_first}, {}).value == 0.4337502838523616);
}

TEST_CASE("a single unbatched row of logits is one sample") {
  const Term term = cross_entropy({0.7, 0.2, 0.1}, {3}, {0}, {});
  CHECK(evaluate({term}, {}).value == 0.35667494393873245);
}

TEST_CASE(
    "an infinite logit makes no number of any target's loss, and minus infinity none of its") {
  const auto loss = [](std::size_t classes, double first, double target) {
    std::vector<double> logits(classes, 0.5);
    logits.front() = first;
    Term term = cross_entropy(logits, {1, classes}, {target}, {1});
    term.conventions.from = From::logits;
    return evaluate({term}, {}).value;
  };
  for (const std::size_t classes : {std::size_t{3}, std::size_t{40}}) {
    CAPTURE(classes);
    CHECK(std::isnan(loss(classes, HUGE_VAL, 0)));
    CHECK(std::isnan(loss(classes, HUGE_VAL, 1)));
    CHECK(loss(classes, -HUGE_VAL, 0) == HUGE_VAL);
    CHECK(loss(classes, -HUGE_VAL, 1) ==
          doctest::Approx(std::log(static_cast<double>(classes) - 1.0)).epsilon(1e-15));
  }
}

TEST_CASE("ignored units leave value and divisor") {
  Term term = cross_entropy(two_rows, {2, 3}, {0, -100}, {2});
  term.conventions.ignore_index = {-100};
  const Report report = evaluate({term}, {});
  CHECK(report.value == 0.35667494393873245);
  CHECK(report.units == 1);
  CHECK(report.terms[0].ignored == 1);
}

TEST_CASE("a mean over no unit is an error, or what was asked for") {
  Term term = cross_entropy(two_rows, {2, 3}, {7, 7}, {2});
  term.conventions.ignore_index = {7};
  CHECK(message_of(term) ==
        "pred: cross-entropy: the mean is undefined: 2 units are ignored, none is left");
  term.conventions.empty = WhenEmpty::zero;
  CHECK(evaluate({term}, {}).value == 0.0);
  term.conventions.empty = WhenEmpty::nan;
  CHECK(std::isnan(evaluate({term}, {}).value));
  term.conventions.empty = WhenEmpty::error;
  term.conventions.reduction = Reduction::sum;
  CHECK(evaluate({term}, {}).value == 0.0);
}

TEST_CASE("equal class weights change nothing, and a class of weight 0 has no effect") {
  Term term = cross_entropy(two_rows, {2, 3}, {0, 1}, {2});
  term.inputs["class_weight"] = {in_memory({3, 3, 3}, {3}, "w")};
  CHECK(evaluate({term}, {}).value == doctest::Approx(0.4337502838523616).epsilon(1e-15));
  term.inputs["class_weight"] = {in_memory({2, 0, 1}, {3}, "w")};
  const Report report = evaluate({term}, {});
  CHECK(report.value == 0.35667494393873245);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].code == "zero-class-weight");
}

TEST_CASE("wrong targets are named with their place and how many more there are") {
  CHECK(message_of(cross_entropy(two_rows, {2, 3}, {3, 5}, {2})) ==
        "target[0]: expected a class index from 0 to 2, found 3 (and 1 more target)");
  CHECK(message_of(cross_entropy(two_rows, {2, 3}, {0, 0.5}, {2})) ==
        "target[1]: expected a class index, found 0.5");
  CHECK(message_of(cross_entropy(two_rows, {2, 3}, {1, 0, 0, 0, 2, 0}, {2, 3})) ==
        "target[1,1]: expected a target in [0, 1], found 2");
}

TEST_CASE("rows that are no distribution are named with their sum") {
  CHECK(message_of(cross_entropy({0.7, 0.2, 0.1, 0.3, 0.6, 0.4}, {2, 3}, {0, 1}, {2})) ==
        "pred[1,0]: expected probabilities that sum to 1 within 0.001, found the sum 1.3");
  CHECK(message_of(cross_entropy({0.7, 0.2, 0.1, 3, -1, -1}, {2, 3}, {0, 1}, {2})) ==
        "pred[1,0]: expected a probability in [0, 1], found 3");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(message_of(cross_entropy({0.7, 0.2, 0.1, 0.5, nan, 0.5}, {2, 3}, {0, 1}, {2})) ==
        "pred[1,1]: expected a probability in [0, 1], found NaN");
}

TEST_CASE("shapes that fit neither reading of the target are refused") {
  CHECK(message_of(cross_entropy(two_rows, {2, 3}, {0, 1}, {2, 1})) ==
        "target: target has shape [2,1], expected [2] (class indices) or [2,3] (one-hot or soft), "
        "to fit pred [2,3]");
  Term term = cross_entropy(two_rows, {2, 3}, {0, 1}, {2, 1});
  term.conventions.target_kind = TargetKind::index;
  CHECK(evaluate({term}, {}).value == 0.4337502838523616);
}

TEST_CASE("probabilities taken as logits are computed and remarked on") {
  Term term = cross_entropy(two_rows, {2, 3}, {0, 1}, {2});
  term.conventions.from = From::logits;
  const Report report = evaluate({term}, {});
  CHECK(report.value == 0.8106180521164371);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].code == "probabilities-as-logits");
}

TEST_CASE("a probability of 0 is clipped and reported") {
  const Report report = evaluate({cross_entropy({0, 1, 1, 0}, {2, 2}, {0, 0}, {2})}, {});
  CHECK(report.value == doctest::Approx(-0.5 * std::log(1e-15)).epsilon(1e-14));
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].code == "clipped");
  CHECK(report.warnings[0].message ==
        "2 probabilities were clipped to [eps, 1 - eps] with eps = 1e-15");
}

TEST_CASE("more than ten to one between classes is remarked on") {
  std::vector<double> prediction;
  std::vector<double> target;
  for (int i = 0; i < 12; ++i) {
    prediction.insert(prediction.end(), {0.5, 0.5});
    target.push_back(i == 0 ? 1 : 0);
  }
  const Report report = evaluate({cross_entropy(prediction, {12, 2}, target, {12})}, {});
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].code == "class-imbalance");
}

TEST_CASE("reduction none gives every unit in the shape of the target") {
  Term term = cross_entropy({0.7, 0.3, 0.2, 0.6, 0.1, 0.1}, {1, 3, 2}, {0, 1}, {1, 2});
  term.conventions.reduction = Reduction::none;
  const Report report = evaluate({term}, {});
  CHECK(report.shape == Shape{1, 2});
  CHECK(report.losses == std::vector<double>{0.35667494393873245, 0.5108256237659907});
}

TEST_CASE("the table by class splits the units by their target") {
  const Report report =
      evaluate({cross_entropy(two_rows, {2, 3}, {0, 1}, {2})}, {.per_class = true});
  REQUIRE(report.per_class.size() == 3);
  CHECK(report.per_class[1].loss == 0.5108256237659907);
  CHECK(report.per_class[1].units == 1);
  CHECK(report.per_class[2].units == 0);
}

TEST_CASE("logits of any size give finite losses") {
  Term term = cross_entropy({1000, -1000, 0, 0, 1e-300, -1e-300}, {2, 3}, {0, 1}, {2});
  term.conventions.from = From::logits;
  const Report report = evaluate({term}, {.per_sample = true});
  CHECK(report.per_sample[0].loss == 0.0);
  CHECK(report.per_sample[1].loss == doctest::Approx(std::log(3.0)).epsilon(1e-15));
}

TEST_CASE("the loss of a confident right answer keeps its digits") {
  Term term = cross_entropy({40, 0}, {1, 2}, {0}, {1});
  term.conventions.from = From::logits;
  CHECK(evaluate({term}, {}).value == doctest::Approx(std::exp(-40.0)).epsilon(1e-14));
}

TEST_CASE("float32 logits used where they lie give the loss of the same numbers copied") {
  for (const Shape& shape : {Shape{3, 5, 40}, Shape{3, 5, 8, 9}, Shape{3, 5, 7}, Shape{61, 20}}) {
    CAPTURE(to_string(shape));
    std::vector<float> logits(element_count(shape));
    for (std::size_t i = 0; i < logits.size(); ++i)
      logits[i] = static_cast<float>(10.0 * std::sin(static_cast<double>(i * i)));
    Shape units = shape;
    units.erase(units.begin() + 1);
    std::vector<double> targets(element_count(units));
    for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = static_cast<double>(3 * i % 5);
    Term term = cross_entropy({logits.begin(), logits.end()}, shape, targets, units);
    term.conventions.from = From::logits;
    const double copied = evaluate({term}, {}).value;
    term.inputs["pred"].front().in_place.floats = [&logits](std::size_t first, std::size_t count) {
      auto piece = std::make_shared<float[]>(count);
      std::copy_n(logits.begin() + static_cast<std::ptrdiff_t>(first), count, piece.get());
      return std::shared_ptr<const float[]>(piece);
    };
    CHECK(evaluate({term}, {}).value == doctest::Approx(copied).epsilon(1e-15));
  }
}
