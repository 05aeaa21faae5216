/// Gradients that others computed (tests/reference/data) as a user would give them.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "checking/gradient_check.h"
#include "reference/cases.h"

using namespace losscalc;
using checking::GivenGradient;
using checking::GradientCheck;
using namespace losscalc::reference;

namespace {

enum class Stored { as_float64, as_float32 };

std::vector<GivenGradient> given(const json& gradients, Stored stored, double factor) {
  std::vector<GivenGradient> all;
  for (const auto& [name, array] : gradients.items()) {
    GivenGradient gradient{.input = name, .values = numbers(array)};
    for (double& value : gradient.values) value *= factor;
    if (stored == Stored::as_float32) {
      gradient = checking::as_float32(std::move(gradient));
      for (double& value : gradient.values) value = static_cast<double>(static_cast<float>(value));
    }
    all.push_back(std::move(gradient));
  }
  return all;
}

/// Whether all entries are numbers of a magnitude below `limit`.
bool are_below(double limit, const json& gradients) {
  return std::ranges::all_of(gradients.items(), [limit](const auto& item) {
    return std::ranges::all_of(numbers(item.value()),
                               [limit](double value) { return std::fabs(value) < limit; });
  });
}

differentiation::Counts counts(const checking::NamedTerms& terms,
                               const std::vector<GivenGradient>& gradients) {
  std::vector<std::string> names;
  for (const GivenGradient& gradient : gradients) names.push_back(gradient.input);
  return GradientCheck(terms, names, gradients, {}, std::nullopt).run().counts;
}

}  // namespace

TEST_CASE("reference gradients pass in float64 and float32, and fail when they are off by 0.1 %") {
  std::size_t cases = 0;
  std::size_t flat = 0;
  for (const auto& path : reference_files()) {
    CAPTURE(path.stem().string());
    std::ifstream stream(path);
    const json document = json::parse(stream);
    if (!is_differentiable(*find_loss(document.at("loss").get<std::string>()))) continue;
    for (const json& entry : document.at("cases")) {
      if (!entry.contains("gradient")) continue;
      CAPTURE(entry.at("name").get<std::string>());
      CAPTURE(entry.at("spec").get<std::string>());
      const json& gradient = entry.at("gradient");
      REQUIRE(are_below(HUGE_VAL, gradient));
      const checking::NamedTerms terms = bind_terms(entry);
      const differentiation::Counts right = counts(terms, given(gradient, Stored::as_float64, 1.0));
      CHECK(right.failed == 0);
      const bool fits_float = are_below(std::numeric_limits<float>::max(), gradient);
      if (fits_float) CHECK(counts(terms, given(gradient, Stored::as_float32, 1.0)).failed == 0);
      ++cases;
      // Where the derivative is 0, the reference may hold what its own differences left: too small
      // a number to be told from 0, or from a thousandth more.
      if (are_below(1e-30, gradient)) {
        ++flat;
        continue;
      }
      CHECK(right.inconclusive == 0);
      CHECK(counts(terms, given(gradient, Stored::as_float64, 1.001)).failed > 0);
      // (1 - p)^2 has no right digit in float32 where p differs from 1 by a few round-offs.
      const bool has_digits = entry.at("name") != "p near 1, softmax";
      if (fits_float && has_digits)
        CHECK(counts(terms, given(gradient, Stored::as_float32, 1.001)).failed > 0);
    }
  }
  CHECK(cases > 500);
  CHECK(flat < cases / 10);
}

TEST_CASE("gradients as PyTorch computes them pass, however sure the predictions are") {
  std::ifstream stream(LOSSCALC_SOURCE_DIR "/tests/reference/framework-gradients.json");
  const json document = json::parse(stream);
  std::size_t float32_cases = 0;
  for (const json& entry : document.at("cases")) {
    CAPTURE(entry.at("name").get<std::string>());
    const bool is_float32 = entry.at("stored") == "float32";
    const Stored stored = is_float32 ? Stored::as_float32 : Stored::as_float64;
    const checking::NamedTerms terms = bind_terms(entry);
    const differentiation::Counts right = counts(terms, given(entry.at("gradient"), stored, 1.0));
    CHECK(right.failed == 0);
    CHECK(right.inconclusive == 0);
    CHECK(counts(terms, given(entry.at("gradient"), stored, 1.001)).failed > 0);
    float32_cases += is_float32 ? 1 : 0;
  }
  CHECK(float32_cases == document.at("cases").size() / 2);
  CHECK(float32_cases >= 60);
}

TEST_CASE("0.1 % in one entry of a float32 gradient is found, be the entry the unit's smallest") {
  const checking::NamedTerms terms =
      bind_terms("cross-entropy(from=logits)",
                 {{"pred", {{"shape", {2, 4}}, {"data", {9, 0, 0.5, 1, 0, 8, 0.25, 0.5}}}},
                  {"target", {{"shape", {2}}, {"data", {0, 1}}}}});
  const GradientCheck own(terms, {}, {}, {}, std::nullopt);
  for (std::size_t entry = 0; entry < 8; ++entry) {
    CAPTURE(entry);
    const bool is_difference = entry == 0 || entry == 5;  // p - 1, of which few digits are right
    std::vector<double> values = own.analytic().front();
    values[entry] *= is_difference ? 1.01 : 1.001;
    const GivenGradient gradient =
        checking::as_float32({.input = "pred", .values = std::move(values)});
    const differentiation::CheckResult result =
        GradientCheck(terms, {}, {gradient}, {}, std::nullopt).run();
    CHECK(result.counts.failed == 1);
    CHECK(result.worst.front().entry == entry);
  }
}
