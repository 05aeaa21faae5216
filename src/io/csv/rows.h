/// Rows and fields of delimited text (RFC 4180).
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "io/csv/cells.h"

namespace losscalc::io {

struct CsvField {
  std::string_view text;  ///< unquoted, without blanks around it
  std::size_t start = 0;  ///< where it begins in the whole text
  std::size_t line_start = 0;
  bool quoted = false;
};

/// Reads row by row. Fields are valid until the next call.
class CsvRows {
 public:
  /// `first_line` is the number of the line that the text begins with.
  CsvRows(std::string_view text, CsvDialect dialect, std::string file, std::size_t first_line = 1);

  /// Moves to the next row; false at the end of the text. Throws Error(malformed_csv): a quote that
  /// is never closed, text behind a closing quote, a blank line between rows.
  bool next();

  const std::vector<CsvField>& fields() const { return fields_; }
  std::size_t line() const { return line_; }  ///< of the row's first character, from 1
  /// Where a field of this row begins in its line, counted in characters from 1.
  std::size_t column(const CsvField& field) const {
    return column_of(field.line_start, field.start);
  }
  /// Where the row begins in the text, and where what follows it does.
  std::size_t begin() const { return begin_; }
  std::size_t end() const { return position_; }

 private:
  void read_row();
  void read_quoted_field();
  void read_plain_field();
  void end_line();
  bool at_line_end() const;
  std::size_t column_of(std::size_t line_start, std::size_t position) const;
  [[noreturn]] void fail(const std::string& message, std::size_t line, std::size_t column) const;

  std::string_view text_;
  CsvDialect dialect_;
  std::string file_;
  std::size_t position_ = 0;
  std::size_t begin_ = 0;
  std::size_t line_start_ = 0;
  std::size_t next_line_;
  std::size_t line_ = 0;
  std::vector<CsvField> fields_;
  std::deque<std::string> unescaped_;
};

}  // namespace losscalc::io
