#include "io/csv/cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <system_error>

#include "text/number.h"

namespace losscalc::io {
namespace {

/// With the decimal point for the one decimal comma; nothing if that isn't what the cell has.
std::optional<std::string> with_decimal_point(std::string_view cell) {
  const bool has_point = cell.find('.') != std::string_view::npos;
  if (has_point || std::ranges::count(cell, ',') > 1) return std::nullopt;
  std::string text(cell);
  std::ranges::replace(text, ',', '.');
  return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view without_sign(std::string_view cell) {
  return cell.starts_with('-') || cell.starts_with('+') ? cell.substr(1) : cell;
}

}  // namespace

std::optional<double> cell_number(std::string_view cell, const CsvDialect& dialect) {
  if (dialect.booleans) return boolean_cell(cell);
  if (dialect.decimal == '.') return text::parse_number(cell);
  const auto text = with_decimal_point(cell);
  return text ? text::parse_number(*text) : std::nullopt;
}

bool is_real(std::string_view cell, const CsvDialect& dialect) {
  if (cell.find(',') != std::string_view::npos) {
    const auto text = with_decimal_point(cell);
    return text && text::parse_number(*text).has_value();
  }
  return cell_number(cell, dialect).has_value() &&
         cell.find_first_of(".eE") != std::string_view::npos && !boolean_cell(cell);
}

bool is_integer_cell(std::string_view cell) {
  const std::string_view digits = without_sign(cell);
  return !digits.empty() && std::ranges::all_of(digits, is_digit);
}

bool is_too_large(std::string_view cell) {
  double ignored = 0.0;
  const char* const end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, ignored);
  return stop == end && error == std::errc::result_out_of_range;
}

std::optional<double> boolean_cell(std::string_view cell) {
  static constexpr std::array<std::string_view, 3> trues{"true", "True", "TRUE"};
  static constexpr std::array<std::string_view, 3> falses{"false", "False", "FALSE"};
  if (std::ranges::find(trues, cell) != trues.end()) return 1.0;
  if (std::ranges::find(falses, cell) != falses.end()) return 0.0;
  return std::nullopt;
}

bool is_boolean(std::string_view cell, const CsvDialect& /*dialect*/) {
  return boolean_cell(cell).has_value();
}

bool is_word(std::string_view cell, const CsvDialect& dialect) {
  return !cell.empty() && !cell_number(cell, dialect);
}

bool is_missing_mark(std::string_view cell) {
  static constexpr std::array<std::string_view, 14> marks{
      "NA",   "N/A",  "n/a",  "#N/A", "<NA>",    "null",  "NULL",
      "Null", "None", "none", "?",    "#DIV/0!", "#NUM!", "-"};
  return std::ranges::find(marks, cell) != marks.end();
}

bool begins_as_number(std::string_view cell) {
  std::string_view digits = without_sign(cell);
  if (digits.starts_with('.')) digits.remove_prefix(1);
  return !digits.empty() && is_digit(digits.front());
}

}  // namespace losscalc::io
