/// Cells of delimited texts: what they look like, and as numbers.
#pragma once

#include <optional>
#include <string_view>

namespace losscalc::io {

/// How a delimited text is written.
struct CsvDialect {
  char delimiter = ',';   ///< a blank stands for runs of blanks
  char decimal = '.';     ///< the decimal point, or the comma that stands for it
  bool booleans = false;  ///< whether cells are true and false, read as 1 and 0

  bool operator==(const CsvDialect&) const = default;
};

/// The number that a cell holds. Under a decimal comma a cell with a point is none: the point may
/// divide thousands there.
std::optional<double> cell_number(std::string_view cell, const CsvDialect& dialect);

/// Written with a decimal point, a decimal comma or an exponent.
bool is_real(std::string_view cell, const CsvDialect& dialect);

/// Digits alone, with a sign or without.
bool is_integer_cell(std::string_view cell);

/// A number that no double can hold: a mistake to be named, and no word.
bool is_too_large(std::string_view cell);

/// true or false, True or False, TRUE or FALSE: 1 or 0.
std::optional<double> boolean_cell(std::string_view cell);

/// Whether it is one of these.
bool is_boolean(std::string_view cell, const CsvDialect& dialect);

/// Neither empty nor a number.
bool is_word(std::string_view cell, const CsvDialect& dialect);

/// What programs write where a value is missing: NA, null, None, #N/A, ?, ...; `nan` is a number.
bool is_missing_mark(std::string_view cell);

/// A word that begins as a number does: 1abc, 12%, 0,5.
bool begins_as_number(std::string_view cell);

}  // namespace losscalc::io
