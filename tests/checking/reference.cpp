/// Gradients that others computed (tests/reference/data) as a user would give them.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
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

/// Whether all entries are numbers below `limit`.
bool are_below(double limit, const json& gradients) {
  return std::ranges::all_of(gradients.items(), [limit](const auto& item) {
    return std::ranges::all_of(numbers(item.value()),
                               [limit](double value) { return std::fabs(value) < limit; });
  });
}

std::size_t failed(const checking::NamedTerms& terms, const std::vector<GivenGradient>& gradients) {
  std::vector<std::string> names;
  for (const GivenGradient& gradient : gradients) names.push_back(gradient.input);
  return GradientCheck(terms, names, gradients, {}, std::nullopt).run().counts.failed;
}

}  // namespace

TEST_CASE("reference gradients pass in float64 and float32, and fail when they are off by 0.1 %") {
  std::size_t cases = 0;
  for (const auto& path : reference_files()) {
    CAPTURE(path.stem().string());
    std::ifstream stream(path);
    const json document = json::parse(stream);
    for (const json& entry : document.at("cases")) {
      if (!entry.contains("gradient") || !are_below(HUGE_VAL, entry.at("gradient"))) continue;
      CAPTURE(entry.at("name").get<std::string>());
      CAPTURE(entry.at("spec").get<std::string>());
      const json& gradient = entry.at("gradient");
      const checking::NamedTerms terms = bind(entry);
      CHECK(failed(terms, given(gradient, Stored::as_float64, 1.0)) == 0);
      if (are_below(std::numeric_limits<float>::max(), gradient))
        CHECK(failed(terms, given(gradient, Stored::as_float32, 1.0)) == 0);
      // Near 0 there is no telling a thousandth more from rounding.
      if (!are_below(1e-20, gradient))
        CHECK(failed(terms, given(gradient, Stored::as_float64, 1.001)) > 0);
      ++cases;
    }
  }
  CHECK(cases > 500);
}
