/// One input, many numbers: what libraries print for it, to the digits that are known.

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/evaluate.h"
#include "reference/cases.h"

using namespace losscalc;
using namespace losscalc::reference;

namespace {

json witnesses() {
  std::ifstream stream(LOSSCALC_SOURCE_DIR "/tests/reference/witness.json");
  return json::parse(stream);
}

/// Half a unit of the last digit, and a rounding of the twelfth.
double tolerance(const std::string& digits) {
  const std::size_t point = digits.find('.');
  const double decimals =
      point == std::string::npos ? 0.0 : static_cast<double>(digits.size() - point - 1);
  const double rounding = 1e-12 * std::fabs(std::stod(digits));
  return 0.5 * std::pow(10.0, -decimals) + rounding;
}

}  // namespace

TEST_CASE("the witnesses of each convention are met to their last digit") {
  const json document = witnesses();
  for (const json& witness : document.at("witnesses")) {
    const auto spec = witness.at("spec").get<std::string>();
    const auto digits = witness.at("value").get<std::string>();
    CAPTURE(witness.at("what").get<std::string>());
    CAPTURE(spec);
    const auto inputs = document.at("inputs").at(witness.at("inputs").get<std::string>());
    const checking::NamedTerms bound = bind_terms(spec, inputs);
    const double value = evaluation::evaluate(bound.terms, {}).value;
    CAPTURE(value);
    CHECK(std::fabs(value - std::stod(digits)) <= tolerance(digits));
  }
}

TEST_CASE("witnesses of losses that are not there are of unknown losses") {
  const json document = witnesses();
  for (const json& witness : document.at("unknown")) {
    CAPTURE(witness.at("what").get<std::string>());
    const auto spec = witness.at("spec").get<std::string>();
    CHECK_THROWS_AS(spec::resolve(spec::parse(spec), {}), Error);
  }
}
