#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "diagnostics/error.h"
#include "registry/units.h"

using namespace losscalc;

namespace {

template <class Check>
void for_each_parameter(Check check) {
  for (const Loss* loss : all_losses()) {
    CAPTURE(loss->description.name);
    for (const ParameterInfo& info : loss->parameters) {
      CAPTURE(info.name);
      check(*loss, info);
    }
  }
}

std::string message_of(const Loss& loss, const Arguments& arguments) {
  try {
    loss.kernels(arguments);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_value);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("every default is a valid value, and giving it has no effect") {
  for_each_parameter([](const Loss& loss, const ParameterInfo& info) {
    const Arguments arguments{{std::string(info.name), info.default_value}};
    CHECK_NOTHROW(loss.kernels(arguments));
    for (const Argument& argument : loss.effective(arguments)) {
      if (argument.name == info.name) {
        CHECK(to_string(argument.value) == to_string(info.default_value));
      }
    }
  });
}

TEST_CASE("every parameter has a help and a name that can be typed") {
  for_each_parameter([](const Loss& loss, const ParameterInfo& info) {
    CHECK_FALSE(info.help.empty());
    CHECK_FALSE(info.help.ends_with('.'));
    CHECK(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
          std::string_view::npos);
    for (const Convention* row : conventions_of(loss)) CHECK(row->parameter.info.name != info.name);
    for (const Role& role : loss.roles) CHECK(role.name != info.name);
  });
}

TEST_CASE("a number beyond the end of its interval is refused by name, with what was found") {
  for_each_parameter([](const Loss& loss, const ParameterInfo& info) {
    const bool is_number =
        info.type == ParameterType::number || info.type == ParameterType::integer;
    if (!is_number || !std::isfinite(info.valid.low)) return;
    const double below = info.valid.low_open ? info.valid.low : info.valid.low - 1.0;
    const std::string name(info.name);
    CHECK(message_of(loss, {{name, below}}) ==
          name + " must be " + valid_values(info) + ", found " + to_string(ParameterValue(below)));
    CHECK(message_of(loss, {{name, std::nan("")}}).ends_with("found NaN"));
    CHECK(message_of(loss, {{name, HUGE_VAL}}).ends_with("found Infinity"));
  });
}

TEST_CASE("a word that is no choice is refused with the conventions there are") {
  for_each_parameter([](const Loss& loss, const ParameterInfo& info) {
    if (info.type != ParameterType::choice) return;
    const std::string name(info.name);
    CHECK(message_of(loss, {{name, std::string("sideways")}}) ==
          name + " must be " + valid_values(info) + ", found sideways");
  });
}

TEST_CASE("every parameter changes the loss somewhere") {
  for_each_parameter([](const Loss& loss, const ParameterInfo& info) {
    // By the values of the other parameters: one may matter for some values of another only.
    std::map<std::string, std::set<std::string>> seen;
    for (const Arguments& arguments : parameter_sets(loss)) {
      std::string others;
      for (const Argument& argument : loss.effective(arguments)) {
        if (argument.name != info.name) others += to_string(argument.value) + " ";
      }
      UnitSource source(7);  // the same places for every set
      std::string values;
      for (int i = 0; i < 20; ++i) {
        const Unit unit = source.interior(loss, arguments);
        values += to_string(ParameterValue(unit.value(unit.at))) + " ";
      }
      for (const Unit& unit : special_units(loss, arguments))
        values += to_string(ParameterValue(unit.value(unit.at))) + " ";
      seen[others].insert(values);
    }
    CHECK(std::ranges::any_of(seen, [](const auto& entry) { return entry.second.size() >= 2; }));
  });
}
