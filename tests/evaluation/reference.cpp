/// Values and gradients that others computed: tests/reference/data, made by the scripts beside it.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include "evaluation/evaluate.h"
#include "evaluation/gradient.h"
#include "reference/cases.h"

using namespace losscalc;
using namespace losscalc::reference;

namespace {

/// 1e-12 relative; a double's rounding, relative to the largest entry, for entries that are
/// differences of larger numbers (p - 1 where p is nearly 1).
bool agrees(double found, double expected, double largest) {
  if (std::isnan(expected)) return std::isnan(found);
  if (std::isinf(expected)) return found == expected;
  return std::fabs(found - expected) <=
         1e-12 * std::fabs(expected) + 1e-15 * std::max(1.0, largest);
}

void check_array(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  double largest = 0.0;
  for (const double value : expected)
    largest = std::max(largest, std::isfinite(value) ? std::fabs(value) : 0.0);
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CAPTURE(found[i]);
    CAPTURE(expected[i]);
    CHECK(agrees(found[i], expected[i], largest));
  }
}

void check_value(const checking::NamedTerms& bound, const json& expected) {
  const evaluation::Report report = evaluation::evaluate(bound.terms, {});
  if (expected.is_object()) {
    CHECK(report.shape == expected.at("shape").get<evaluation::Shape>());
    check_array(report.losses, numbers(expected));
  } else {
    check_array({report.value}, {number(expected)});
  }
}

void check_gradient(const checking::NamedTerms& bound, const json& expected) {
  std::map<std::string, std::vector<double>, std::less<>> gradients;
  for (const auto& [name, array] : expected.items())
    gradients[name].resize(array.at("data").size());
  evaluation::Differentiable(bound.terms, 2)
      .add_gradient(evaluation::Formula::analytic, [&](std::size_t term, std::string_view role,
                                                       std::size_t position) {
        const std::string& name = bound.names.at({term, std::string(role)}).at(position);
        const auto found = gradients.find(name);
        return found == gradients.end() ? std::span<double>{} : std::span<double>(found->second);
      });
  for (const auto& [name, array] : expected.items()) {
    CAPTURE(name);
    check_array(gradients[name], numbers(array));
  }
}

}  // namespace

TEST_CASE("values and gradients agree with the reference to 1e-12") {
  for (const auto& path : reference_files()) {
    CAPTURE(path.stem().string());
    std::ifstream stream(path);
    const json document = json::parse(stream);
    for (const json& entry : document.at("cases")) {
      CAPTURE(entry.at("name").get<std::string>());
      CAPTURE(entry.at("spec").get<std::string>());
      const checking::NamedTerms bound = bind(entry);
      check_value(bound, entry.at("value"));
      if (entry.contains("gradient")) check_gradient(bound, entry.at("gradient"));
    }
  }
}

TEST_CASE("every loss has reference values") {
  for (const Loss* loss : all_losses()) {
    const std::string file = LOSSCALC_SOURCE_DIR "/tests/reference/data/" +
                             std::string(loss->description.name) + ".json";
    CAPTURE(file);
    CHECK(std::filesystem::exists(file));
  }
}
