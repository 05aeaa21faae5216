/// Gradients from elsewhere: what passes, what fails, and what a mistake is called.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "checking/diagnosis.h"
#include "checking/gradient_check.h"
#include "evaluation/data.h"

using namespace losscalc;
using checking::GivenGradient;
using checking::GradientCheck;
using checking::NamedTerms;
using differentiation::CheckResult;

namespace {

using Numbers = std::vector<double>;

Numbers normal_numbers(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0.0, 1.5);
  Numbers numbers(count);
  for (double& x : numbers) x = normal(random);
  return numbers;
}

/// A term of one prediction and one target.
NamedTerms terms(const char* loss, const Choices& choices, const evaluation::Data& prediction,
                 const evaluation::Data& target) {
  NamedTerms named;
  named.terms.push_back({.loss = find_loss(loss), .choices = choices});
  evaluation::Term& term = named.terms.front();
  term.inputs["pred"] = {prediction};
  term.inputs["target"] = {target};
  for (const Role& role : term.loss->roles) {
    const std::string name(role.name);
    named.names[{0, name}] =
        term.inputs.contains(name) ? std::vector<std::string>{name} : std::vector<std::string>{};
  }
  return named;
}

NamedTerms squared_errors(std::size_t count, Reduction reduction) {
  Choices choices = default_choices(*find_loss("mse"));
  choices.reduction = reduction;
  return terms("mse", choices, evaluation::in_memory(normal_numbers(count, 1), {count}, "p"),
               evaluation::in_memory(normal_numbers(count, 2), {count}, "t"));
}

NamedTerms cross_entropy(std::size_t samples, std::size_t classes) {
  Choices choices = default_choices(*find_loss("cross-entropy"));
  choices.from = From::logits;
  Numbers targets(samples);
  for (std::size_t i = 0; i < samples; ++i) targets[i] = static_cast<double>((i * 7) % classes);
  return terms("cross-entropy", choices,
               evaluation::in_memory(normal_numbers(samples * classes, 3), {samples, classes}, "z"),
               evaluation::in_memory(targets, {samples}, "y"));
}

Numbers gradient_of(const NamedTerms& named) {
  return GradientCheck(named, {}, {}, {}, std::nullopt).analytic().front();
}

CheckResult checked(const NamedTerms& named, const Numbers& gradient) {
  const GivenGradient given{.input = "pred", .values = gradient};
  return GradientCheck(named, {}, {given}, {}, std::nullopt).run();
}

std::string diagnosis(const NamedTerms& named, const Numbers& gradient) {
  const GivenGradient given{.input = "pred", .values = gradient};
  const GradientCheck check(named, {}, {given}, {}, std::nullopt);
  CHECK(check.run().counts.failed > 0);
  const auto found = checking::diagnosis_of(check, named);
  return found ? found->code : "";
}

Numbers times(Numbers values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

}  // namespace

TEST_CASE("zero, flipped, halved and N-fold gradients fail whatever the reduction and N") {
  for (const Reduction reduction :
       {Reduction::sum, Reduction::mean, Reduction::count_mean, Reduction::batchmean}) {
    for (const std::size_t count : {2U, 1000U, 100000U}) {
      CAPTURE(count);
      const NamedTerms named = squared_errors(count, reduction);
      const Numbers gradient = gradient_of(named);
      CHECK(checked(named, gradient).counts.passed == count);
      for (const double factor : {0.0, -1.0, 0.5, static_cast<double>(count)}) {
        CAPTURE(factor);
        CHECK(checked(named, times(gradient, factor)).counts.failed == count);
      }
    }
  }
}

TEST_CASE("one entry off by a millionth is found among many, and comes first") {
  const NamedTerms named = cross_entropy(20000, 10);
  Numbers gradient = gradient_of(named);
  gradient[123456] *= 1.0 + 1e-6;
  const CheckResult result = checked(named, gradient);
  CHECK(result.counts.failed == 1);
  CHECK(result.worst.front().entry == 123456);
}

TEST_CASE(
    "a float32 gradient passes with its own tolerance, and an entry off by a thousandth fails") {
  const NamedTerms named = cross_entropy(500, 10);
  GivenGradient given{
      .input = "pred", .values = gradient_of(named), .tolerance = 1e-5, .round_off = 0x1p-24};
  for (double& value : given.values) value = static_cast<double>(static_cast<float>(value));
  CHECK(GradientCheck(named, {}, {given}, {}, std::nullopt).run().counts.passed == 5000);
  given.values[77] *= 1.001;
  const CheckResult result = GradientCheck(named, {}, {given}, {}, std::nullopt).run();
  CHECK(result.counts.failed == 1);
  CHECK(result.worst.front().entry == 77);
}

TEST_CASE("NaN and infinity never pass") {
  const NamedTerms named = cross_entropy(6, 4);
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    Numbers gradient = gradient_of(named);
    gradient[5] = bad;
    const CheckResult result = checked(named, gradient);
    CHECK(result.counts.failed == 1);
    CHECK(result.counts.not_finite == 1);
    CHECK(result.worst.front().reason == differentiation::Reason::not_finite);
    CHECK(diagnosis(named, gradient) == "not-finite");
  }
}

TEST_CASE("infinities fail where no difference is taken, by every method without steps too") {
  constexpr std::size_t count = 20000;
  const NamedTerms named = squared_errors(count, Reduction::mean);
  GivenGradient given{.input = "pred", .values = gradient_of(named)};
  std::size_t planted = 0;
  for (std::size_t i = 0; i < count; i += 13, ++planted)
    given.values[i] = std::numeric_limits<double>::infinity();
  using differentiation::Method;
  for (const Method method : {Method::automatic, Method::dual, Method::complex}) {
    const CheckResult result =
        GradientCheck(named, {}, {given}, {.method = method}, std::nullopt).run();
    CHECK(result.counts.failed == planted);
    CHECK(result.counts.not_finite == planted);
  }
}

TEST_CASE("factors, signs and orders are named") {
  const NamedTerms named = cross_entropy(7, 5);
  const Numbers gradient = gradient_of(named);
  CHECK(diagnosis(named, times(gradient, 0.0)) == "zero");
  CHECK(diagnosis(named, times(gradient, -1.0)) == "sign");
  CHECK(diagnosis(named, times(gradient, 2.0)) == "factor");
  CHECK(diagnosis(named, times(gradient, 7.0)) == "factor");
  const auto reordered = [&](auto from) {
    Numbers values(gradient.size());
    for (std::size_t i = 0; i < 7; ++i) {
      for (std::size_t c = 0; c < 5; ++c) values[i * 5 + c] = gradient[from(i, c)];
    }
    return values;
  };
  CHECK(diagnosis(named, reordered([](std::size_t i, std::size_t c) {
                    return (i * 5 + c) % 7 * 5 + (i * 5 + c) / 7;
                  })) == "transposed");
  CHECK(diagnosis(named, reordered([](std::size_t i, std::size_t c) {
                    return (i + 1) % 7 * 5 + c;
                  })) == "shifted");
  CHECK(diagnosis(named, reordered([](std::size_t i, std::size_t c) {
                    return i * 5 + (c == 1 ? 3 : c == 3 ? 1 : c);
                  })) == "permuted-classes");
  Numbers one_class = gradient;
  for (std::size_t i = 0; i < 7; ++i) one_class[i * 5 + 2] *= 1.5 + 0.1 * static_cast<double>(i);
  CHECK(diagnosis(named, one_class) == "one-class");
}

TEST_CASE("what was left out of a gradient is named") {
  NamedTerms whole = cross_entropy(9, 4);
  evaluation::Term& term = whole.terms.front();
  const auto without = [&](auto change) {
    NamedTerms altered = whole;
    change(altered.terms.front());
    return gradient_of(altered);
  };
  term.choices.label_smoothing = 0.1;
  CHECK(diagnosis(whole, without([](evaluation::Term& t) { t.choices.label_smoothing = 0.0; })) ==
        "missing-label-smoothing");
  term.choices.label_smoothing = 0.0;
  term.choices.ignore_index = {2.0};
  CHECK(diagnosis(whole, without([](evaluation::Term& t) { t.choices.ignore_index.clear(); })) ==
        "missing-ignore-index");
  term.choices.ignore_index.clear();
  term.inputs["class_weight"] = {evaluation::in_memory({1.0, 5.0, 0.5, 2.0}, {4}, "w")};
  CHECK(diagnosis(whole, without([](evaluation::Term& t) { t.inputs.erase("class_weight"); })) ==
        "missing-class-weight");
  term.inputs.erase("class_weight");
  term.inputs["sample_weight"] = {
      evaluation::in_memory({1.0, 5.0, 0.5, 2.0, 1.0, 3.0, 1.0, 9.0, 0.1}, {9}, "w")};
  CHECK(diagnosis(whole, without([](evaluation::Term& t) { t.inputs.erase("sample_weight"); })) ==
        "missing-sample-weight");
}

TEST_CASE("a forgotten softmax, and logits taken for probabilities, are named") {
  const NamedTerms logits = cross_entropy(5, 3);
  Numbers z(15);
  logits.terms.front().inputs.at("pred").front().read(0, z);
  for (std::size_t i = 0; i < 15; i += 3) {
    const double sum = std::exp(z[i]) + std::exp(z[i + 1]) + std::exp(z[i + 2]);
    for (std::size_t c = i; c < i + 3; ++c) z[c] = std::exp(z[c]) / sum;
  }
  NamedTerms probabilities = logits;
  probabilities.terms.front().choices.from = From::probs;
  probabilities.terms.front().inputs["pred"] = {evaluation::in_memory(z, {5, 3}, "p")};
  CHECK(diagnosis(logits, gradient_of(probabilities)) == "missing-link-jacobian");
  CHECK(diagnosis(probabilities, gradient_of(logits)) == "gradient-by-logits");
}

TEST_CASE("the result is the same for any number of threads") {
  const NamedTerms named = cross_entropy(300, 10);
  Numbers gradient = gradient_of(named);
  for (std::size_t i = 0; i < gradient.size(); i += 97) gradient[i] *= 1.01;
  const GivenGradient given{.input = "pred", .values = gradient};
  std::vector<CheckResult> results;
  for (const std::size_t threads : {1U, 2U, 8U}) {
    results.push_back(GradientCheck(named, {}, {given}, {.threads = threads}, std::nullopt).run());
  }
  for (const CheckResult& result : results) {
    CHECK(result.counts.failed == results[0].counts.failed);
    REQUIRE(result.worst.size() == results[0].worst.size());
    for (std::size_t k = 0; k < result.worst.size(); ++k) {
      CHECK(result.worst[k].entry == results[0].worst[k].entry);
      CHECK(result.worst[k].reference == results[0].worst[k].reference);
      CHECK(result.worst[k].error == results[0].worst[k].error);
    }
  }
}
