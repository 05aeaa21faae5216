#include "text/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace losscalc::text {
namespace {

std::optional<std::string> name_of_nonfinite(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return std::nullopt;
}

bool has_nonzero_digit(std::string_view text) {
  for (const char c : text) {
    if (c == 'e' || c == 'E') return false;
    if (c >= '1' && c <= '9') return true;
  }
  return false;
}

/// from_chars leaves the result untouched both for overflow and for underflow, so the exponent's
/// sign decides.
std::optional<double> out_of_range_value(std::string_view text) {
  const std::string copy(text);
  const double value = std::strtod(copy.c_str(), nullptr);
  if (std::isinf(value) && has_nonzero_digit(text)) return std::nullopt;
  return value;
}

std::string_view without_plus(std::string_view text) {
  const bool plus_before_digit =
      text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+';
  return plus_before_digit ? text.substr(1) : text;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  text = without_plus(text);
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (stop != end || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return out_of_range_value(text);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  text = without_plus(text);
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return value;
}

std::string shortest(double value) {
  if (auto name = name_of_nonfinite(value)) return *name;
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

std::string rounded(double value, int digits) {
  if (auto name = name_of_nonfinite(value)) return *name;
  // A double has at most 767 significant digits, and 309 places before the point.
  std::array<char, 800> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::general, digits);
  return {buffer.data(), end};
}

}  // namespace losscalc::text
