/// Cells of a row that stands on one line, taken in one pass.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/csv/rows.h"

namespace losscalc::io {

/// Whether blanks around a field may be left out.
inline bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Reads what is plain, and leaves it to CsvRows to say what is wrong or to read what is unusual:
/// line breaks and doubled quotes within cells.
class CsvLine {
 public:
  /// The chosen columns, each at most once, of rows of `width` fields.
  CsvLine(CsvDialect dialect, std::size_t width, const std::vector<std::size_t>& columns);

  /// Puts the chosen cells in their order into `out`. False if the line can't be read so, and then
  /// `out` holds nothing of use. `has_quotes` may be true where there are none.
  bool read(std::string_view line, bool has_quotes, double* out) const;
  bool read(std::string_view line, bool has_quotes, std::string* out) const;

 private:
  template <class Cell>
  bool read_cells(std::string_view line, bool has_quotes, Cell* out) const;
  bool is_delimiter(char c) const { return c == dialect_.delimiter || (by_blanks_ && c == '\t'); }
  const char* behind_blanks(const char* at, const char* end) const;
  const char* field_end(const char* at, const char* end) const;
  const char* quoted_end(const char* at, const char* end, std::string_view* content) const;
  const char* take(const char* at, const char* end, double& cell) const;
  const char* take(const char* at, const char* end, std::string& cell) const;

  CsvDialect dialect_;
  bool by_blanks_;
  std::size_t width_;
  std::vector<std::size_t> slot_of_column_;  ///< where a column's cell goes in `out`
  std::size_t chosen_end_ = 0;               ///< behind the last chosen column
};

}  // namespace losscalc::io
