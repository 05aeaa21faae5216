/// Values and gradients held against those of a reference.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "evaluation/evaluate.h"
#include "evaluation/gradient.h"
#include "reference/cases.h"

namespace losscalc::reference {

/// 1e-12 relative; a double's rounding, relative to the largest entry, for entries that are
/// differences of larger numbers (p - 1 where p is nearly 1).
inline bool agrees(double found, double expected, double largest) {
  if (std::isnan(expected)) return std::isnan(found);
  if (std::isinf(expected)) return found == expected;
  return std::fabs(found - expected) <=
         1e-12 * std::fabs(expected) + 1e-15 * std::max(1.0, largest);
}

inline void check_array(const std::vector<double>& found, const std::vector<double>& expected) {
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

inline void check_value(const checking::NamedTerms& bound, const json& expected) {
  const evaluation::Report report = evaluation::evaluate(bound.terms, {});
  if (expected.is_object()) {
    CHECK(report.shape == expected.at("shape").get<Shape>());
    check_array(report.losses, numbers(expected));
  } else {
    check_array({report.value}, {number(expected)});
  }
}

inline void check_gradient(const checking::NamedTerms& bound, const json& expected) {
  std::map<std::string, std::vector<double>, std::less<>> gradients;
  for (const auto& [name, array] : expected.items())
    gradients[name].resize(array.at("data").size());
  evaluation::Differentiable(bound.terms, 2)
      .add_gradient(DerivativeBy::analytic, [&](std::size_t term, std::string_view role,
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

}  // namespace losscalc::reference
