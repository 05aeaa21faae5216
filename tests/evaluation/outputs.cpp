/// Outputs by themselves, roots and medians: values, tables, shards, gradients and refusals.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "checking/gradient_check.h"
#include "evaluation/evaluate.h"
#include "evaluation/gradient.h"
#include "evaluation/random_terms.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

const std::vector<double> predictions{1, 1, 2, 1, 3, 2};
const std::vector<double> targets{0, 1, 2, 3, 5, 1};

/// Errors of 1, 0, -2 in the first output, 0, -2, 1 in the second.
Term term_of(const char* loss, Outputs outputs, bool root = false,
             Reduction reduction = Reduction::mean) {
  Term term{{.loss = find_loss(loss)}};
  term.conventions = default_conventions(*term.loss);
  term.conventions.outputs = outputs;
  term.conventions.root = root;
  term.conventions.reduction = reduction;
  term.inputs["pred"] = {in_memory(predictions, {3, 2}, "pred")};
  term.inputs["target"] = {in_memory(targets, {3, 2}, "target")};
  return term;
}

void weigh(Term& term, const char* role, std::vector<double> weights) {
  const Shape shape{weights.size()};
  term.inputs[role] = {in_memory(std::move(weights), shape, role)};
}

checking::NamedTerms named(const Term& term) {
  checking::NamedTerms bound;
  bound.terms = {term};
  for (const Role& role : term.loss->roles) {
    const std::string name(role.name);
    bound.names[{0, name}] =
        term.inputs.contains(name) ? std::vector<std::string>{name} : std::vector<std::string>{};
  }
  return bound;
}

std::vector<double> gradient_of(const Term& term, DerivativeBy by) {
  std::vector<double> gradient(element_count(term.inputs.at("pred").front().shape));
  Differentiable({term}, 1).add_gradient(
      by, [&](std::size_t, std::string_view, std::size_t) { return std::span(gradient); });
  return gradient;
}

ErrorCode refusal(const Term& term, const Request& request = {}) {
  try {
    evaluate({term}, request);
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("not refused");
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("outputs one by one, averaged, and their roots") {
  const double first = 5.0 / 3.0;
  const double second = 5.0 / 3.0;
  const Report each = evaluate({term_of("mse", Outputs::each)}, {});
  CHECK(each.shape == Shape{2});
  CHECK(each.losses == std::vector<double>{first, second});
  CHECK(each.value == first + second);
  Term average = term_of("l1", Outputs::average);
  weigh(average, "output_weight", {1, 3});
  weigh(average, "sample_weight", {2, 1, 1});
  CHECK(evaluate({average}, {}).value ==
        doctest::Approx(0.25 * (4.0 / 4.0) + 0.75 * (3.0 / 4.0)).epsilon(1e-15));
  CHECK(evaluate({term_of("mse", Outputs::together, true)}, {}).value ==
        doctest::Approx(std::sqrt(5.0 / 3.0)).epsilon(1e-15));
}

TEST_CASE("the median is the middle error, or the mean of two, or where half of the weight lies") {
  CHECK(evaluate({term_of("l1", Outputs::together, false, Reduction::median)}, {}).value == 1.0);
  CHECK(evaluate({term_of("l1", Outputs::each, false, Reduction::median)}, {}).losses ==
        std::vector<double>{1.0, 1.0});
  Term weighted = term_of("l1", Outputs::each, false, Reduction::median);
  weigh(weighted, "sample_weight", {1, 5, 1});
  CHECK(evaluate({weighted}, {}).losses == std::vector<double>{0.0, 2.0});
  weigh(weighted, "sample_weight", {0, 0, 0});
  CHECK(refusal(weighted) == ErrorCode::empty_mean);
}

TEST_CASE("NaN in an output makes its median NaN") {
  Term term = term_of("l1", Outputs::each, false, Reduction::median);
  std::vector<double> with_nan = predictions;
  with_nan[2] = std::nan("");
  term.inputs["pred"] = {in_memory(with_nan, {3, 2}, "pred")};
  const Report report = evaluate({term}, {});
  CHECK(std::isnan(report.losses[0]));
  CHECK(report.losses[1] == 1.0);
}

TEST_CASE("a sample's row is the value of that sample alone") {
  for (const bool root : {false, true}) {
    for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::median}) {
      CAPTURE(std::string(name(reduction)));
      CAPTURE(root);
      Term term = term_of("mse", Outputs::average, root, reduction);
      weigh(term, "output_weight", {1, 3});
      weigh(term, "sample_weight", {2, 0.5, 1});
      const Report report = evaluate({term}, {.per_sample = true});
      REQUIRE(report.per_sample.size() == 3);
      for (std::size_t i = 0; i < 3; ++i) {
        Term alone = term;
        alone.inputs["pred"] = {
            in_memory({predictions[2 * i], predictions[2 * i + 1]}, {1, 2}, "pred")};
        alone.inputs["target"] = {
            in_memory({targets[2 * i], targets[2 * i + 1]}, {1, 2}, "target")};
        weigh(alone, "sample_weight", {std::vector<double>{2, 0.5, 1}[i]});
        CHECK(report.per_sample[i].loss ==
              doctest::Approx(evaluate({alone}, {}).value).epsilon(1e-14));
      }
    }
  }
}

TEST_CASE("parts of the samples, merged, give the outputs of all") {
  for (const Outputs outputs : {Outputs::together, Outputs::average, Outputs::each}) {
    Term term = term_of("mse", outputs, true);
    if (outputs == Outputs::average) weigh(term, "output_weight", {1, 3});
    const Request tables{.per_sample = true, .per_class = true};
    Partial total;
    for (const std::size_t index : {1U, 2U}) {
      Request request = tables;
      request.shard = {index, 2};
      total.merge(accumulate({term}, request).front());
    }
    const Report whole = evaluate({term}, tables);
    const Report merged = finish({term}, {total}, tables);
    CHECK(merged.value == whole.value);
    CHECK(merged.losses == whole.losses);
    REQUIRE(merged.per_sample.size() == whole.per_sample.size());
    for (std::size_t i = 0; i < whole.per_sample.size(); ++i)
      CHECK(merged.per_sample[i].loss == whole.per_sample[i].loss);
  }
}

TEST_CASE("gradients through outputs, roots and medians pass, for every elementwise loss") {
  const RandomShape sizes{.samples = 6, .classes = 4, .spatial = {2}};
  std::size_t checked = 0;
  for (const Variant& variant : all_variants()) {
    if (variant.loss->domain != Domain::elementwise || !is_differentiable(*variant.loss)) continue;
    CAPTURE(variant.name);
    const Term term = RandomTerms(9).make(*variant.loss, variant.from, variant.link, sizes);
    const bool has_root = variant.loss->description.properties.range.low >= 0.0;
    for (const Outputs outputs : {Outputs::together, Outputs::average, Outputs::each}) {
      for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::median}) {
        for (const bool root : {false, true}) {
          if (root && !has_root) continue;
          Term one = term;
          one.conventions.outputs = outputs;
          one.conventions.reduction = reduction;
          one.conventions.root = root;
          weigh(one, "sample_weight", {1, 2, 0.5, 0.25, 3, 1.5});
          const checking::GradientCheck check(named(one), {}, {}, {}, {});
          const differentiation::Counts counts = check.run().counts;
          CHECK(counts.failed == 0);
          CHECK(counts.inconclusive == 0);
          ++checked;
        }
      }
    }
  }
  CHECK(checked > 100);
}

TEST_CASE("the gradient is that of differences of the whole value") {
  for (const Reduction reduction : {Reduction::mean, Reduction::sum, Reduction::median}) {
    for (const bool root : {false, true}) {
      Term term = term_of("mse", Outputs::average, root, reduction);
      weigh(term, "output_weight", {1, 3});
      weigh(term, "sample_weight", {1, 2, 0.5});
      const std::vector<double> gradient = gradient_of(term, DerivativeBy::analytic);
      for (std::size_t i = 0; i < predictions.size(); ++i) {
        const auto moved = [&](double step) {
          std::vector<double> numbers = predictions;
          numbers[i] += step;
          Term other = term;
          other.inputs["pred"] = {in_memory(numbers, {3, 2}, "pred")};
          return evaluate({other}, {}).value;
        };
        const double error = predictions[i] - targets[i];
        if (error == 0.0) continue;  // of the root of a single zero there is no derivative
        const double difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        CHECK(gradient[i] == doctest::Approx(difference).epsilon(1e-7));
      }
    }
  }
}

TEST_CASE("the root of a mean of zero has the derivative 0") {
  Term term = term_of("mse", Outputs::together, true);
  term.inputs["pred"] = {in_memory(targets, {3, 2}, "pred")};
  CHECK(gradient_of(term, DerivativeBy::analytic) == std::vector<double>(6, 0.0));
  CHECK(gradient_of(term, DerivativeBy::dual_numbers) == std::vector<double>(6, 0.0));
}

TEST_CASE("without samples, outputs have sums of zero and no means") {
  Term term = term_of("mse", Outputs::average);
  for (const char* const role : {"pred", "target"})
    term.inputs[role] = {in_memory({}, {0, 2}, role)};
  CHECK(refusal(term) == ErrorCode::empty_mean);
  term.conventions.empty = WhenEmpty::nan;
  CHECK(std::isnan(evaluate({term}, {}).value));
  term.conventions.reduction = Reduction::sum;
  CHECK(evaluate({term}, {}).value == 0.0);
}

TEST_CASE("conventions that exclude each other are refused") {
  CHECK(refusal(term_of("mse", Outputs::each, false, Reduction::none)) ==
        ErrorCode::conflicting_arguments);
  Term rows = term_of("mse", Outputs::together, true);
  rows.conventions.rows = AxisReduce::mean;
  CHECK(refusal(rows) == ErrorCode::conflicting_arguments);
  Term weights = term_of("mse", Outputs::together);
  weigh(weights, "output_weight", {1, 1});
  CHECK(refusal(weights) == ErrorCode::conflicting_arguments);
  weights.conventions.outputs = Outputs::average;
  weigh(weights, "output_weight", {1, 1, 1});
  CHECK(refusal(weights) == ErrorCode::shape_mismatch);
  weigh(weights, "output_weight", {1, -1});
  CHECK(refusal(weights) == ErrorCode::out_of_range);
  const Term median = term_of("mse", Outputs::together, false, Reduction::median);
  CHECK(refusal(median, {.shard = {1, 2}}) == ErrorCode::not_supported);
  CHECK(refusal(median, {.per_sample = true}) == ErrorCode::not_supported);
  CHECK(refusal(median, {.per_class = true}) == ErrorCode::not_supported);
}

TEST_CASE("rows=max counts a row once, in any block and on any number of threads") {
  const std::size_t samples = 3000;
  const std::size_t labels = 7;
  std::vector<double> wrong(samples * labels, 0.0);
  for (std::size_t i = 0; i < samples; i += 3) wrong[i * labels + i % labels] = 1.0;
  for (std::size_t i = 0; i < samples; i += 9) wrong[i * labels + (i + 1) % labels] = 1.0;
  Term term{{.loss = find_loss("zero-one")}};
  term.conventions = default_conventions(*term.loss);
  term.conventions.rows = AxisReduce::max;
  term.conventions.reduction = Reduction::sum;
  term.inputs["pred"] = {in_memory(wrong, {samples, labels}, "pred")};
  term.inputs["target"] = {
      in_memory(std::vector<double>(wrong.size(), 0.0), {samples, labels}, "target")};
  for (const std::size_t threads : {1U, 4U}) {
    const Report report = evaluate({term}, {.per_sample = true, .threads = threads});
    CHECK(report.value == 1000.0);
    CHECK(report.units == samples);
    REQUIRE(report.per_sample.size() == samples);
    CHECK(report.per_sample[9].loss == 1.0);
    CHECK(report.per_sample[10].loss == 0.0);
  }
  term.conventions.reduction = Reduction::none;
  CHECK(evaluate({term}, {}).shape == Shape{samples});
  CHECK(refusal(term, {.per_class = true}) == ErrorCode::not_supported);
}
