/// A delimited text without what stands around its rows.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/bytes.h"
#include "io/csv/cells.h"

namespace losscalc::io {

/// A line that begins with '#' before the first row.
struct CsvComment {
  std::string_view text;  ///< with its '#'
  std::size_t line = 0;
};

struct CsvContent {
  std::string file;
  std::string_view text;              ///< from the first row on
  std::shared_ptr<const void> owner;  ///< keeps the text
  std::size_t first_line = 1;         ///< the number of the line that `text` begins with
  CsvDialect dialect;
  std::vector<CsvComment> comments;
  std::vector<std::string> notes;  ///< as Reading::notes
};

/// Leaves out a byte order mark, comments before the first row, a line `sep=;` as Excel writes it,
/// which tells the delimiter, and rows of nothing but delimiters at the end; carriage returns alone
/// become line feeds. `delimiter` and `decimal` go before what is sniffed. Throws Error: no_data if
/// nothing is left, conflicting_arguments for a decimal comma in a text that commas divide.
CsvContent csv_content(const Bytes& bytes, std::optional<char> delimiter,
                       std::optional<char> decimal);

}  // namespace losscalc::io
