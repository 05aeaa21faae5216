/// Gradients from elsewhere: what passes, what fails, and what a mistake is called.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "checking/diagnosis.h"
#include "checking/gradient_check.h"
#include "evaluation/arrays/data.h"

using namespace losscalc;
using checking::GivenGradient;
using checking::GradientCheck;
using checking::NamedTerms;
using differentiation::CheckRequest;
using differentiation::CheckResult;
using differentiation::Counts;
using differentiation::EntryVerdict;
using differentiation::Method;

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
NamedTerms terms(const char* loss, const Conventions& conventions,
                 const evaluation::Data& prediction, const evaluation::Data& target) {
  NamedTerms named;
  named.terms.push_back({{.loss = find_loss(loss), .conventions = conventions}});
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
  Conventions conventions = default_conventions(*find_loss("mse"));
  conventions.reduction = reduction;
  return terms("mse", conventions, evaluation::in_memory(normal_numbers(count, 1), {count}, "p"),
               evaluation::in_memory(normal_numbers(count, 2), {count}, "t"));
}

NamedTerms cross_entropy(std::size_t samples, std::size_t classes) {
  Conventions conventions = default_conventions(*find_loss("cross-entropy"));
  conventions.from = From::logits;
  Numbers targets(samples);
  for (std::size_t i = 0; i < samples; ++i) targets[i] = static_cast<double>((i * 7) % classes);
  return terms("cross-entropy", conventions,
               evaluation::in_memory(normal_numbers(samples * classes, 3), {samples, classes}, "z"),
               evaluation::in_memory(targets, {samples}, "y"));
}

/// Yes-or-no answers to several questions, by logits.
NamedTerms binary_cross_entropy(std::size_t samples, std::size_t questions) {
  Conventions conventions = default_conventions(*find_loss("binary-cross-entropy"));
  conventions.from = From::logits;
  Numbers targets(samples * questions);
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i] = i % 3 == 0 ? 1.0 : 0.0;
  const Shape shape{samples, questions};
  return terms("binary-cross-entropy", conventions,
               evaluation::in_memory(normal_numbers(targets.size(), 5), shape, "z"),
               evaluation::in_memory(targets, shape, "y"));
}

Numbers gradient_of(const NamedTerms& named) {
  return GradientCheck(named, {}, {}, {}, std::nullopt).analytic().front();
}

CheckResult checked(const NamedTerms& named, const Numbers& gradient) {
  const GivenGradient given{.input = "pred", .values = gradient};
  return GradientCheck(named, {}, {given}, {}, std::nullopt).run();
}

std::optional<checking::Diagnosis> diagnosed(const NamedTerms& named, const Numbers& gradient) {
  const GivenGradient given{.input = "pred", .values = gradient};
  const GradientCheck check(named, {}, {given}, {}, std::nullopt);
  CHECK(check.run().counts.failed > 0);
  return checking::diagnosis_of(check, named);
}

std::string diagnosis(const NamedTerms& named, const Numbers& gradient) {
  const auto found = diagnosed(named, gradient);
  return found ? found->code : "";
}

GivenGradient in_float32(const Numbers& gradient) {
  GivenGradient given = checking::as_float32({.input = "pred", .values = gradient});
  for (double& value : given.values) value = static_cast<double>(static_cast<float>(value));
  return given;
}

Numbers times(Numbers values, double factor) {
  for (double& value : values) value *= factor;
  return values;
}

}  // namespace

TEST_CASE("zero, flipped, halved and N-fold gradients fail whatever the reduction and N") {
  for (const Reduction reduction :
       {Reduction::sum, Reduction::mean, Reduction::count_mean, Reduction::batchmean}) {
    CAPTURE(name(reduction));
    for (const std::size_t count : {1U, 10U, 1000U, 100000U}) {
      CAPTURE(count);
      // So many of one divisor are enough.
      const bool is_mean = reduction == Reduction::mean;
      if (count == 100000U && reduction != Reduction::sum && !is_mean) continue;
      NamedTerms by_class = cross_entropy(count, 2);
      by_class.terms.front().conventions.reduction = reduction;
      for (const NamedTerms& named : {squared_errors(count, reduction), by_class}) {
        if (count == 100000U && named.terms.front().loss == by_class.terms.front().loss && !is_mean)
          continue;
        CAPTURE(named.terms.front().loss->description.name);
        const Numbers gradient = gradient_of(named);
        CHECK(checked(named, gradient).counts.passed == gradient.size());
        for (const double factor : {0.0, -1.0, 0.5, static_cast<double>(count)}) {
          if (factor == 1.0) continue;
          CAPTURE(factor);
          CHECK(checked(named, times(gradient, factor)).counts.failed == gradient.size());
        }
      }
    }
  }
}

TEST_CASE("the verdicts are the same for a loss of any size") {
  for (const double size : {1e-30, 1e-6, 1e30}) {
    CAPTURE(size);
    NamedTerms named = cross_entropy(50, 4);
    named.terms.front().coefficient = size;
    Numbers gradient = gradient_of(named);
    CHECK(checked(named, gradient).counts.passed == 200);
    for (std::size_t i = 0; i < gradient.size(); i += 10) gradient[i] *= 1.0 + 1e-6;
    CHECK(checked(named, gradient).counts.failed == 20);
  }
}

TEST_CASE("a factor is named, and where it comes from another reduction, that too") {
  for (const std::size_t count : {10U, 1000U}) {
    const auto size = static_cast<double>(count);
    const NamedTerms mean = squared_errors(count, Reduction::mean);
    const NamedTerms sum = squared_errors(count, Reduction::sum);
    struct Planted {
      const NamedTerms& named;
      double factor;
      std::string words;
    };
    const std::vector<Planted> all{{mean, size, "reduction sum instead of mean"},
                                   {sum, 1.0 / size, "reduction mean instead of sum"},
                                   {mean, 1.0 / size, "once too often"},
                                   {sum, 0.5, "factor of 2"},
                                   {mean, -2.0, "with the wrong sign"},
                                   {mean, 1.37, "1.37 times"}};
    for (const Planted& planted : all) {
      CAPTURE(planted.words);
      const auto found =
          diagnosed(planted.named, times(gradient_of(planted.named), planted.factor));
      REQUIRE(found);
      CHECK(found->code == "factor");
      REQUIRE(found->factor);
      CHECK(*found->factor == doctest::Approx(planted.factor));
      CHECK(found->message.find(planted.words) != std::string::npos);
    }
    CHECK(diagnosis(sum, times(gradient_of(sum), -1.0)) == "sign");
    CHECK(diagnosis(sum, times(gradient_of(sum), 0.0)) == "zero");
  }
}

TEST_CASE("one entry off by a millionth is found among a million, and comes first") {
  const NamedTerms named = cross_entropy(100000, 10);
  Numbers gradient = gradient_of(named);
  gradient[765432] *= 1.0 + 1e-6;
  const CheckResult result = checked(named, gradient);
  CHECK(result.counts.failed == 1);
  CHECK(result.counts.passed == 999999);
  REQUIRE_FALSE(result.worst.empty());
  CHECK(result.worst.front().entry == 765432);
  CHECK(result.worst.front().relative() == doctest::Approx(1e-6).epsilon(1e-3));
}

TEST_CASE("one float32 entry off by a thousandth is found among a million, and comes first") {
  const NamedTerms named = cross_entropy(100000, 10);
  GivenGradient given = in_float32(gradient_of(named));
  given.values[123456] *= 1.001;
  const CheckResult result = GradientCheck(named, {}, {given}, {}, std::nullopt).run();
  CHECK(result.counts.failed == 1);
  CHECK(result.counts.passed == 999999);
  REQUIRE_FALSE(result.worst.empty());
  CHECK(result.worst.front().entry == 123456);
}

TEST_CASE("every entry that is off is found, and no other, wherever it lies") {
  const NamedTerms named = cross_entropy(2000, 10);
  const Numbers gradient = gradient_of(named);
  CHECK(GradientCheck(named, {}, {in_float32(gradient)}, {}, std::nullopt).run().counts.passed ==
        20000);
  Numbers planted = gradient;
  GivenGradient planted_float = in_float32(gradient);
  double mean = 0.0;
  for (const double value : gradient) mean += std::fabs(value) / 20000.0;
  std::size_t count = 0;
  std::size_t visible = 0;
  for (std::size_t i = 0; i < planted.size(); i += 7, ++count) {
    planted[i] *= i % 2 == 0 ? 1.0 + 1e-6 : 1.0 - 1e-6;
    planted_float.values[i] *= i % 2 == 0 ? 1.001 : 0.999;
    const auto row = std::span(gradient).subspan(i / 10 * 10, 10);
    double largest = mean;
    for (const double value : row) largest = std::max(largest, std::fabs(value));
    // A thousandth of less is lost in a float's rounding of what is added up in the row.
    if (std::fabs(gradient[i]) > 1.5e-3 * largest) ++visible;
  }
  CHECK(checked(named, planted).counts.failed == count);
  const Counts by_float = GradientCheck(named, {}, {planted_float}, {}, std::nullopt).run().counts;
  CHECK(by_float.failed <= count);
  CHECK(by_float.failed >= visible);
  CHECK(static_cast<double>(visible) > 0.97 * static_cast<double>(count));
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

TEST_CASE("NaN and infinity pass by no method") {
  const NamedTerms named = cross_entropy(6, 4);
  const Numbers gradient = gradient_of(named);
  for (const Method method : {Method::automatic, Method::dual, Method::complex, Method::differences,
                              Method::forward, Method::central, Method::ridders}) {
    CAPTURE(static_cast<int>(method));
    GivenGradient given{.input = "pred", .values = gradient};
    given.values[3] = std::numeric_limits<double>::quiet_NaN();
    given.values[11] = std::numeric_limits<double>::infinity();
    given.values[12] = -std::numeric_limits<double>::infinity();
    const CheckRequest request{.method = method};
    Counts counts = GradientCheck(named, {}, {given}, request, 1e-4).run().counts;
    CHECK(counts.failed == 3);
    CHECK(counts.not_finite == 3);
    CHECK(counts.passed + counts.inconclusive == 21);
    given.values.assign(gradient.size(), std::numeric_limits<double>::quiet_NaN());
    counts = GradientCheck(named, {}, {given}, request, 1e-4).run().counts;
    CHECK(counts.passed == 0);
    CHECK(counts.not_finite == gradient.size());
  }
}

TEST_CASE("infinities fail also where no differences are taken") {
  const NamedTerms named = cross_entropy(2000, 10);
  GivenGradient given{.input = "pred", .values = gradient_of(named)};
  std::size_t count = 0;
  for (std::size_t i = 0; i < given.values.size(); i += 13, ++count)
    given.values[i] = i % 2 == 0 ? HUGE_VAL : -HUGE_VAL;
  for (const Method method : {Method::automatic, Method::dual, Method::complex}) {
    CAPTURE(static_cast<int>(method));
    const CheckRequest request{.method = method};
    const Counts counts = GradientCheck(named, {}, {given}, request, std::nullopt).run().counts;
    CHECK(counts.not_finite == count);
    CHECK(counts.failed == count);
    CHECK(counts.passed == given.values.size() - count);
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
  term.conventions.label_smoothing = 0.1;
  CHECK(diagnosis(whole, without([](evaluation::Term& t) {
                    t.conventions.label_smoothing = 0.0;
                  })) == "missing-label-smoothing");
  term.conventions.label_smoothing = 0.0;
  term.conventions.ignore_index = {2.0};
  CHECK(diagnosis(whole, without([](evaluation::Term& t) {
                    t.conventions.ignore_index.clear();
                  })) == "missing-ignore-index");
  term.conventions.ignore_index.clear();
  term.inputs["class_weight"] = {evaluation::in_memory({1.0, 5.0, 0.5, 2.0}, {4}, "w")};
  CHECK(diagnosis(whole, without([](evaluation::Term& t) { t.inputs.erase("class_weight"); })) ==
        "missing-class-weight");
  term.inputs.erase("class_weight");
  term.inputs["sample_weight"] = {
      evaluation::in_memory({1.0, 5.0, 0.5, 2.0, 1.0, 3.0, 1.0, 9.0, 0.1}, {9}, "w")};
  CHECK(diagnosis(whole, without([](evaluation::Term& t) { t.inputs.erase("sample_weight"); })) ==
        "missing-sample-weight");
}

TEST_CASE("weights left out of the gradient of yes-or-no answers are named") {
  const NamedTerms plain = binary_cross_entropy(8, 3);
  const Numbers unweighted = gradient_of(plain);
  Numbers weights(24);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 0.5 + static_cast<double>(i % 7);
  NamedTerms weighted = plain;
  weighted.terms.front().inputs["element_weight"] = {evaluation::in_memory(weights, {8, 3}, "w")};
  CHECK(diagnosis(weighted, unweighted) == "missing-element-weight");
  weighted = plain;
  weighted.terms.front().inputs["pos_weight"] = {evaluation::in_memory({3.0, 0.25, 8.0}, {3}, "w")};
  CHECK(diagnosis(weighted, unweighted) == "missing-pos-weight");
}

TEST_CASE("a forgotten softmax, sigmoid or log-softmax, and logits for probabilities, are named") {
  const NamedTerms logits = cross_entropy(5, 3);
  Numbers z(15);
  logits.terms.front().inputs.at("pred").front().read(0, z);
  for (std::size_t i = 0; i < 15; i += 3) {
    const double sum = std::exp(z[i]) + std::exp(z[i + 1]) + std::exp(z[i + 2]);
    for (std::size_t c = i; c < i + 3; ++c) z[c] = std::exp(z[c]) / sum;
  }
  NamedTerms probabilities = logits;
  probabilities.terms.front().conventions.from = From::probs;
  probabilities.terms.front().inputs["pred"] = {evaluation::in_memory(z, {5, 3}, "p")};
  CHECK(diagnosis(logits, gradient_of(probabilities)) == "missing-link-jacobian");
  CHECK(diagnosis(probabilities, gradient_of(logits)) == "gradient-by-logits");
  for (double& p : z) p = std::log(p);
  NamedTerms logarithms = logits;
  logarithms.terms.front().conventions.from = From::log_probs;
  logarithms.terms.front().inputs["pred"] = {evaluation::in_memory(z, {5, 3}, "log p")};
  CHECK(diagnosis(logits, gradient_of(logarithms)) == "missing-link-jacobian");

  const NamedTerms answers = binary_cross_entropy(5, 3);
  answers.terms.front().inputs.at("pred").front().read(0, z);
  for (double& x : z) x = 1.0 / (1.0 + std::exp(-x));
  NamedTerms chances = answers;
  chances.terms.front().conventions.from = From::probs;
  chances.terms.front().inputs["pred"] = {evaluation::in_memory(z, {5, 3}, "p")};
  CHECK(diagnosis(answers, gradient_of(chances)) == "missing-link-jacobian");
  CHECK(diagnosis(chances, gradient_of(answers)) == "gradient-by-logits");
}

TEST_CASE("a mistake that is none of the known ones gets no name") {
  const NamedTerms named = cross_entropy(7, 5);
  Numbers gradient = gradient_of(named);
  for (std::size_t i = 0; i < gradient.size(); ++i)
    gradient[i] *= 1.0 + 0.3 * std::sin(static_cast<double>(i * i));
  CHECK_FALSE(diagnosed(named, gradient));
}

namespace {

void check_same(const std::vector<EntryVerdict>& some, const std::vector<EntryVerdict>& others) {
  REQUIRE(some.size() == others.size());
  for (std::size_t k = 0; k < some.size(); ++k) {
    const EntryVerdict& a = some[k];
    const EntryVerdict& b = others[k];
    CHECK(a.input == b.input);
    CHECK(a.entry == b.entry);
    CHECK(a.analytic == b.analytic);
    CHECK(a.reference == b.reference);
    CHECK(a.error == b.error);
    CHECK(a.allowed == b.allowed);
    CHECK(a.left.value == b.left.value);
    CHECK(a.left.error == b.left.error);
    CHECK(a.right.value == b.right.value);
    CHECK(a.right.error == b.right.error);
    CHECK(a.kink_within == b.kink_within);
    CHECK(a.verdict == b.verdict);
    CHECK(a.reason == b.reason);
  }
}

}  // namespace

TEST_CASE("the result is the same for any number of threads") {
  const NamedTerms smooth = cross_entropy(300, 10);
  // Ties, where directions through units are judged too.
  const NamedTerms absolute = [] {
    Numbers residuals(500);
    for (std::size_t i = 0; i < residuals.size(); ++i)
      residuals[i] = i % 3 == 0 ? 0.0 : std::sin(static_cast<double>(i));
    return terms("l1", default_conventions(*find_loss("l1")),
                 evaluation::in_memory(residuals, {500}, "p"),
                 evaluation::in_memory(Numbers(500, 0.0), {500}, "t"));
  }();
  for (const NamedTerms& named : {smooth, absolute}) {
    Numbers gradient = gradient_of(named);
    for (std::size_t i = 0; i < gradient.size(); i += 97) gradient[i] = gradient[i] * 1.01 + 1e-4;
    const GivenGradient given{.input = "pred", .values = gradient};
    for (const Method method : {Method::automatic, Method::differences}) {
      std::vector<CheckResult> results;
      for (const std::size_t threads : {1U, 2U, 8U}) {
        const CheckRequest request{.method = method, .threads = threads, .worst = gradient.size()};
        results.push_back(GradientCheck(named, {}, {given}, request, std::nullopt).run());
      }
      CHECK(results[0].counts.failed > 0);
      for (const CheckResult& result : results) {
        CHECK(result.counts.entries == gradient.size());
        CHECK(result.counts.passed == results[0].counts.passed);
        CHECK(result.counts.failed == results[0].counts.failed);
        CHECK(result.counts.kinks == results[0].counts.kinks);
        CHECK(result.counts.inconclusive == results[0].counts.inconclusive);
        CHECK(result.counts.not_finite == results[0].counts.not_finite);
        CHECK(result.by_differences == results[0].by_differences);
        check_same(result.worst, results[0].worst);
        check_same(result.defects, results[0].defects);
      }
    }
  }
}
