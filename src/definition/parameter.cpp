#include "definition/parameter.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "diagnostics/error.h"
#include "text/nearest.h"
#include "text/number.h"

namespace losscalc {
namespace {

template <class Items, class Print>
std::string bracketed(const Items& items, Print print) {
  std::string text = "[";
  for (const auto& item : items) {
    if (text.size() > 1) text += ",";
    text += print(item);
  }
  return text + "]";
}

}  // namespace

std::string to_string(const ParameterValue& value) {
  struct Printer {
    std::string operator()(std::monostate) const { return "None"; }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(double number) const { return text::shortest(number); }
    std::string operator()(const std::string& word) const { return word; }
    std::string operator()(const std::vector<double>& list) const {
      return bracketed(list, text::shortest);
    }
    std::string operator()(const std::vector<std::string>& list) const {
      return bracketed(list, [](const std::string& word) { return word; });
    }
  };
  return std::visit(Printer{}, value);
}

std::string to_string(const Interval& i) {
  const bool bounded_below = std::isfinite(i.low);
  const bool bounded_above = std::isfinite(i.high);
  if (bounded_below && bounded_above) {
    return std::string("in ") + (i.low_open ? "(" : "[") + text::shortest(i.low) + ", " +
           text::shortest(i.high) + (i.high_open ? ")" : "]");
  }
  if (bounded_below) return (i.low_open ? "> " : ">= ") + text::shortest(i.low);
  if (bounded_above) return (i.high_open ? "< " : "<= ") + text::shortest(i.high);
  return i.low_open ? "a finite number" : "any number";
}

std::string_view name(ParameterType type) {
  switch (type) {
    case ParameterType::number: return "number";
    case ParameterType::integer: return "integer";
    case ParameterType::boolean: return "boolean";
    case ParameterType::choice: return "choice";
    case ParameterType::numbers: return "number or list";
  }
  return "";
}

std::vector<std::string> choice_names(const ParameterInfo& info) {
  return text::names_of(info.choices);
}

std::string valid_values(const ParameterInfo& info) {
  if (info.type == ParameterType::boolean) return "true or false";
  if (info.type == ParameterType::choice) return "one of " + text::joined(choice_names(info));
  if (info.type == ParameterType::numbers)
    return "None, a number or a list of numbers, each " + to_string(info.valid);
  if (info.type == ParameterType::integer)
    return "an integer" + (std::isfinite(info.valid.low) ? " " + to_string(info.valid) : "");
  return to_string(info.valid);
}

void throw_bad_value(const ParameterInfo& info, const ParameterValue& found) {
  throw Error(ErrorCode::bad_value, std::string(info.name) + " must be " + valid_values(info) +
                                        ", found " + to_string(found));
}

double checked_number(const ParameterInfo& info, const ParameterValue& value) {
  const double* number = std::get_if<double>(&value);
  if (number == nullptr || !info.valid.contains(*number)) throw_bad_value(info, value);
  return *number;
}

std::int64_t checked_integer(const ParameterInfo& info, const ParameterValue& value) {
  const double number = checked_number(info, value);
  constexpr double largest =
      9007199254740992.0;  // 2^53: beyond it a double no longer holds every integer
  if (number != std::floor(number) || std::fabs(number) > largest) throw_bad_value(info, value);
  return static_cast<std::int64_t>(number);
}

bool checked_boolean(const ParameterInfo& info, const ParameterValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return *flag;
  throw_bad_value(info, value);
}

std::string_view checked_choice(const ParameterInfo& info, const ParameterValue& value) {
  std::string written = to_string(value);
  // The grammar reads nan as a number, which prints as NaN.
  if (std::holds_alternative<double>(value)) {
    std::ranges::transform(written, written.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  const auto found = std::ranges::find(info.choices, written, &Choice::name);
  if (found == info.choices.end()) throw_bad_value(info, value);
  return found->name;
}

std::vector<double> checked_numbers(const ParameterInfo& info, const ParameterValue& value) {
  std::vector<double> numbers;
  if (const auto* list = std::get_if<std::vector<double>>(&value)) {
    numbers = *list;
  } else if (const auto* number = std::get_if<double>(&value)) {
    numbers = {*number};
  } else if (!std::holds_alternative<std::monostate>(value)) {
    throw_bad_value(info, value);
  }
  for (const double number : numbers) {
    if (!info.valid.contains(number)) throw_bad_value(info, value);
  }
  return numbers;
}

}  // namespace losscalc
