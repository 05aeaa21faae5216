/// Parameters as data: a row gives name, member, valid values and a help; parsing, checking,
/// help, JSON and the manual are all made from that row.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "numeric/limits.h"
#include "text/names.h"

namespace losscalc {

/// The value of a parameter as it was written: None, true/false, a number, a word (a name or a
/// quoted text), a list of numbers, or a list of words.
using ParameterValue = std::variant<std::monostate, bool, double, std::string, std::vector<double>,
                                    std::vector<std::string>>;

/// As it would be written in a specification: `0.5`, `true`, `None`, `sum`, `[1,2]`.
std::string to_string(const ParameterValue& value);

/// The values a number may take. NaN lies in no interval.
struct Interval {
  double low = -infinity;
  double high = infinity;
  bool low_open = false;
  bool high_open = false;

  bool contains(double x) const {
    return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
  }
};

/// `> 0`, `>= 0`, `in [0, 1)`, `any number`.
std::string to_string(const Interval& interval);

namespace interval {
inline constexpr Interval finite{-infinity, infinity, true, true};
inline constexpr Interval positive{0.0, infinity, true, true};
inline constexpr Interval non_negative{0.0, infinity, false, true};
inline constexpr Interval unit{0.0, 1.0, false, false};
inline constexpr Interval unit_half_open{0.0, 1.0, false, true};
}  // namespace interval

enum class ParameterType : std::uint8_t { number, integer, boolean, choice, numbers };

std::string_view name(ParameterType type);

/// A value that a parameter of an enumeration can have.
struct Choice {
  std::string_view name;
  std::string_view meaning = {};  ///< for people, where the name alone does not tell
};

/// What a person and a script need to know of one parameter.
struct ParameterInfo {
  std::string_view name;
  ParameterType type = ParameterType::number;
  ParameterValue default_value = {};
  Interval valid = {};
  std::vector<Choice> choices = {};
  std::string_view help;
};

/// The names of the values that it can have, if these are those of an enumeration.
std::vector<std::string> choice_names(const ParameterInfo& info);

/// `> 0`, `one of sum, max`, `true or false`.
std::string valid_values(const ParameterInfo& info);

/// One named value given for a parameter.
struct Argument {
  std::string name;
  ParameterValue value;
};
using Arguments = std::vector<Argument>;

/// Throws Error(bad_value): `NAME must be > 0, found -1`.
[[noreturn]] void throw_bad_value(const ParameterInfo& info, const ParameterValue& found);

/// Converts and checks; each throws Error(bad_value) if `value` is not what `info` asks for.
double checked_number(const ParameterInfo& info, const ParameterValue& value);
std::int64_t checked_integer(const ParameterInfo& info, const ParameterValue& value);
bool checked_boolean(const ParameterInfo& info, const ParameterValue& value);
std::string_view checked_choice(const ParameterInfo& info, const ParameterValue& value);
/// None is the empty list, a single number a list of one.
std::vector<double> checked_numbers(const ParameterInfo& info, const ParameterValue& value);

/// A parameter of `Owner`: the row of data that a loss writes.
template <class Owner>
struct Parameter {
  using Setter = std::function<void(Owner&, const ParameterInfo&, const ParameterValue&)>;
  using Getter = std::function<ParameterValue(const Owner&)>;

  /// `member` is double, std::int64_t, bool or std::vector<double>. `valid` bounds each number.
  template <class Member>
  Parameter(std::string_view name, Member Owner::*member, Interval valid, std::string_view help)
      : info{.name = name, .valid = valid, .help = help} {
    if constexpr (std::is_same_v<Member, double>) {
      info.type = ParameterType::number;
      set = [member](Owner& o, const ParameterInfo& i, const ParameterValue& v) {
        o.*member = checked_number(i, v);
      };
      get = [member](const Owner& o) { return ParameterValue(o.*member); };
    } else if constexpr (std::is_same_v<Member, std::int64_t>) {
      info.type = ParameterType::integer;
      set = [member](Owner& o, const ParameterInfo& i, const ParameterValue& v) {
        o.*member = checked_integer(i, v);
      };
      get = [member](const Owner& o) { return ParameterValue(static_cast<double>(o.*member)); };
    } else {
      static_assert(std::is_same_v<Member, std::vector<double>>);
      info.type = ParameterType::numbers;
      set = [member](Owner& o, const ParameterInfo& i, const ParameterValue& v) {
        o.*member = checked_numbers(i, v);
      };
      get = [member](const Owner& o) { return list_or_none(o.*member); };
    }
    info.default_value = get(Owner{});
  }

  Parameter(std::string_view name, bool Owner::*member, std::string_view help)
      : info{.name = name, .type = ParameterType::boolean, .help = help} {
    set = [member](Owner& o, const ParameterInfo& i, const ParameterValue& v) {
      o.*member = checked_boolean(i, v);
    };
    get = [member](const Owner& o) { return ParameterValue(o.*member); };
    info.default_value = get(Owner{});
  }

  /// An enumeration; `names` holds all of its values.
  template <class Enumeration>
  Parameter(std::string_view name, Enumeration Owner::*member,
            std::vector<text::Named<Enumeration>> names, std::string_view help)
      : info{.name = name, .type = ParameterType::choice, .help = help} {
    for (const auto& row : names) info.choices.push_back({row.name, row.meaning});
    set = [member, names](Owner& o, const ParameterInfo& i, const ParameterValue& v) {
      o.*member = text::value_named(names, checked_choice(i, v)).value();
    };
    get = [member, names = std::move(names)](const Owner& o) {
      return ParameterValue(std::string(text::name_of(names, o.*member)));
    };
    info.default_value = get(Owner{});
  }

  static ParameterValue list_or_none(const std::vector<double>& numbers) {
    if (numbers.empty()) return {};
    return numbers;
  }

  ParameterInfo info;
  Setter set;
  Getter get;
};

/// The infos of a table of rows, in its order.
template <class Owner>
std::vector<ParameterInfo> infos_of(const std::vector<Parameter<Owner>>& rows) {
  std::vector<ParameterInfo> infos;
  infos.reserve(rows.size());
  for (const auto& row : rows) infos.push_back(row.info);
  return infos;
}

/// An Owner with its defaults, changed by the arguments that the rows name; other arguments are
/// left to others.
template <class Owner>
Owner configured(const std::vector<Parameter<Owner>>& rows, const Arguments& arguments,
                 Owner owner = {}) {
  for (const Argument& argument : arguments) {
    for (const auto& row : rows) {
      if (row.info.name == argument.name) row.set(owner, row.info, argument.value);
    }
  }
  return owner;
}

}  // namespace losscalc
