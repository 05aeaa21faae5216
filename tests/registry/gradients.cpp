#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "registry/units.h"

using namespace losscalc;

namespace {

double largest_of(std::span<const double> numbers) {
  double largest = 0.0;
  for (const double number : numbers) largest = std::max(largest, std::fabs(number));
  return largest;
}

void check_against_dual(const Unit& unit) {
  const Numbers analytic = unit.gradient(DerivativeBy::analytic, unit.at);
  const Numbers dual = unit.gradient(DerivativeBy::dual_numbers, unit.at);
  REQUIRE(analytic.size() == dual.size());
  const double largest = std::max(largest_of(analytic), largest_of(dual));
  // Powers of the smallest numbers lose digits on both ways.
  constexpr double vanishing = 1e-80;
  constexpr double few_ulps = 32.0 * std::numeric_limits<double>::epsilon();
  const double tolerance = few_ulps * std::max(largest, unit.cancelled) + vanishing;
  for (std::size_t i = 0; i < analytic.size(); ++i) {
    CAPTURE(unit.what);
    CAPTURE(to_string(unit.at));
    CAPTURE(i);
    CAPTURE(analytic[i]);
    CAPTURE(dual[i]);
    // A slope that is infinite, or none at all, is so in both.
    const bool both_undefined = std::isnan(analytic[i]) && std::isnan(dual[i]);
    CHECK((both_undefined || analytic[i] == dual[i] ||
           std::fabs(analytic[i] - dual[i]) <= tolerance));
  }
}

struct Difference {
  double derivative;
  bool smooth;
};

/// Two central differences and their extrapolation, the error of which falls with step^4. Where
/// the two are far apart a kink lies within the step.
Difference central_difference(const Unit& unit, std::size_t i) {
  const double step = unit.step;
  const auto slope = [&](double h) {
    Numbers x = unit.at;
    x[i] = unit.at[i] + h;
    const double up = x[i];
    const double above = unit.value(x);
    x[i] = unit.at[i] - h;
    const double below = unit.value(x);
    return (above - below) / (up - x[i]);
  };
  const double wide = slope(step);
  const double narrow = slope(0.5 * step);
  return {.derivative = (4.0 * narrow - wide) / 3.0,
          .smooth = std::fabs(wide - narrow) <= 1e-7 * std::max(1.0, std::fabs(wide))};
}

}  // namespace

TEST_CASE("the analytic gradient is the formula's own derivative at random places") {
  UnitSource source(1);
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    for (const Arguments& arguments : parameter_sets(*loss)) {
      CAPTURE(to_string(arguments));
      for (int i = 0; i < 50; ++i) check_against_dual(source.interior(*loss, arguments));
    }
  }
}

TEST_CASE("the analytic gradient takes the formula's side of each kink and holds at the extremes") {
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    for (const Arguments& arguments : parameter_sets(*loss)) {
      CAPTURE(to_string(arguments));
      for (const Unit& unit : special_units(*loss, arguments)) check_against_dual(unit);
    }
  }
}

TEST_CASE("the analytic gradient agrees with differences of the value") {
  UnitSource source(2);
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    for (const Arguments& arguments : parameter_sets(*loss)) {
      CAPTURE(to_string(arguments));
      int compared = 0;
      int tried = 0;
      for (int k = 0; k < 20; ++k) {
        const Unit unit = source.interior(*loss, arguments);
        const Numbers analytic = unit.gradient(DerivativeBy::analytic, unit.at);
        for (std::size_t i = 0; i < analytic.size(); ++i) {
          ++tried;
          const Difference difference = central_difference(unit, i);
          if (!difference.smooth) continue;
          ++compared;
          CAPTURE(unit.what);
          CAPTURE(to_string(unit.at));
          CAPTURE(i);
          CAPTURE(analytic[i]);
          CAPTURE(difference.derivative);
          CHECK(std::fabs(analytic[i] - difference.derivative) <=
                2e-7 * std::max(1.0, largest_of(analytic)));
        }
      }
      CHECK(compared >= 0.9 * tried);
    }
  }
}

TEST_CASE("every loss and every slope is a number at kinks and extremes") {
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    for (const Arguments& arguments : parameter_sets(*loss)) {
      CAPTURE(to_string(arguments));
      for (const Unit& unit : special_units(*loss, arguments)) {
        CAPTURE(unit.what);
        CAPTURE(to_string(unit.at));
        const double value = unit.value(unit.at);
        CHECK_FALSE(std::isnan(value));
        CHECK_FALSE((value == 0.0 && std::signbit(value)));
        for (const double slope : unit.gradient(DerivativeBy::analytic, unit.at))
          CHECK_FALSE(std::isnan(slope));
      }
    }
  }
}
