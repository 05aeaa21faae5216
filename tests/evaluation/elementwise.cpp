#include <doctest/doctest.h>

#include <cmath>

#include "evaluation/evaluate.h"
#include "evaluation/gradient.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

Term mse(std::vector<double> prediction, Shape prediction_shape, std::vector<double> target,
         Shape target_shape) {
  Term term{{.loss = find_loss("mse")}};
  term.conventions = default_conventions(*term.loss);
  term.inputs["pred"] = {in_memory(std::move(prediction), std::move(prediction_shape), "pred")};
  term.inputs["target"] = {in_memory(std::move(target), std::move(target_shape), "target")};
  return term;
}

const std::vector<double> rows{0.7, 0.2, 0.1, 0.3, 0.6, 0.1};
const std::vector<double> one_hot{1, 0, 0, 0, 1, 0};

}  // namespace

TEST_CASE("mse divides by elements, batchmean by samples, and sum by nothing") {
  Term term = mse(rows, {2, 3}, one_hot, {2, 3});
  CHECK(evaluate({term}, {}).value == 0.06666666666666667);
  term.conventions.reduction = Reduction::batchmean;
  CHECK(evaluate({term}, {}).value == 0.2);
  term.conventions.reduction = Reduction::sum;
  CHECK(evaluate({term}, {}).value == 0.4);
}

TEST_CASE("class indices against [N,C] predictions are one-hot rows, and that is said") {
  const Report report = evaluate({mse(rows, {2, 3}, {0, 1}, {2})}, {});
  CHECK(report.value == 0.06666666666666667);
  REQUIRE(report.warnings.size() == 1);
  CHECK(report.warnings[0].code == "indices-as-one-hot");
}

TEST_CASE("a number outside of what the loss takes is an error that says where") {
  const auto message_of = [](const char* loss, const Arguments& parameters, double prediction,
                             double target) {
    Term term = mse({2, prediction, 2}, {3}, {1, target, 1}, {3});
    term.loss = find_loss(loss);
    term.parameters = parameters;
    try {
      evaluate({term}, {});
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::out_of_range);
      CHECK(error.place().index == std::vector<std::size_t>{1});
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const Arguments poisson{{"power", 1.0}};
  CHECK(message_of("tweedie-deviance", poisson, 0.0, 1.0) == "expected a prediction > 0, found 0");
  CHECK(message_of("tweedie-deviance", poisson, 1.0, -1.0) == "expected a target >= 0, found -1");
  CHECK(message_of("tweedie-deviance", {{"power", 2.0}}, 1.0, 0.0) ==
        "expected a target > 0, found 0");
  CHECK(message_of("tweedie-deviance", poisson, std::nan(""), 1.0) ==
        "expected a prediction > 0, found NaN");
  CHECK(message_of("tweedie-deviance", {}, -1.0, -1.0) == "no error");
  CHECK(message_of("poisson-nll", {{"log_input", false}, {"eps", 0.5}}, -0.5, 1.0) ==
        "expected a prediction > -0.5, found -0.5");
  CHECK(message_of("kl-divergence", {}, -0.25, 1.0) == "expected a prediction >= 0, found -0.25");
  CHECK(message_of("kl-divergence", {}, 0.0, -0.25) == "expected a target >= 0, found -0.25");
  CHECK(message_of("kl-divergence", {{"log_pred", true}}, -0.25, 1.0) == "no error");
}

TEST_CASE("differences stay where the loss is defined") {
  Term term = mse({2, 0.125}, {2}, {1, 1}, {2});
  term.loss = find_loss("tweedie-deviance");
  term.parameters = {{"power", 1.0}};
  const Differentiable whole({term}, 1);
  const LocalValue local(whole, {{{0, "pred", 0}}});
  CHECK(local.interior(0, 1).lower == 0.0);
  CHECK(local.interior(0, 1).upper == HUGE_VAL);
}

TEST_CASE("an [N,1] array is never broadcast against [N]") {
  Term term = mse({1, 2}, {2, 1}, {1, 2}, {2});
  term.inputs["pred"].front().squeeze_hint = "'p.npy#col=1'";
  try {
    evaluate({term}, {});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::shape_mismatch);
    CHECK(std::string(error.what()) == "target has shape [2], expected pred's shape [2,1]");
    CHECK(error.hint() == "arrays are never broadcast; select the column: -p 'p.npy#col=1'");
  }
}

TEST_CASE("element weights repeat over the leading axes and divide the mean") {
  Term term = mse({1, 2, 3, 4}, {2, 2}, {0, 0, 0, 0}, {2, 2});
  term.inputs["element_weight"] = {in_memory({1, 3}, {2}, "w")};
  CHECK(evaluate({term}, {}).value == (1.0 + 3.0 * 4.0 + 9.0 + 3.0 * 16.0) / 8.0);
  term.conventions.reduction = Reduction::count_mean;
  CHECK(evaluate({term}, {}).value == (1.0 + 3.0 * 4.0 + 9.0 + 3.0 * 16.0) / 4.0);
}

TEST_CASE("sample weights multiply all elements of their sample") {
  Term term = mse({1, 2, 3, 4}, {2, 2}, {0, 0, 0, 0}, {2, 2});
  term.inputs["sample_weight"] = {in_memory({0, 2}, {2}, "w")};
  CHECK(evaluate({term}, {}).value == (2.0 * 9.0 + 2.0 * 16.0) / 4.0);
}

TEST_CASE("a single number is one sample") {
  CHECK(evaluate({mse({3}, {}, {1}, {})}, {.per_sample = true}).per_sample[0].loss == 4.0);
}

TEST_CASE("an empty array has no mean") {
  CHECK_THROWS_AS(evaluate({mse({}, {0}, {}, {0})}, {}), Error);
  CHECK_THROWS_AS(evaluate({mse({}, {0, 3}, {}, {0, 3})}, {}), Error);
}

TEST_CASE("weighted sums of losses add values, tables and gradients") {
  Term first = mse({3, 1}, {2}, {1, 1}, {2});
  Term second = mse({3, 1}, {2}, {0, 0}, {2});
  second.coefficient = -0.5;
  const Report report = evaluate({first, second}, {.per_sample = true});
  CHECK(report.value == 2.0 - 0.5 * 5.0);
  CHECK(report.terms.size() == 2);
  CHECK(report.per_sample[0].loss == 4.0 - 0.5 * 9.0);
  std::vector<double> gradient(2);
  Differentiable({first, second}, 1)
      .add_gradient(DerivativeBy::analytic, [&](std::size_t, std::string_view, std::size_t) {
        return std::span<double>(gradient);
      });
  CHECK(gradient == std::vector<double>{2.0 - 0.5 * 3.0, 0.0 - 0.5 * 1.0});
}
