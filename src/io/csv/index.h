/// Where the rows of a delimited text begin: found once, so that any part can be read by itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/csv/rows.h"

namespace losscalc::io {

/// A piece of text that holds whole rows.
struct CsvBlock {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t first_row = 1;  ///< its number in the text, from 1; blank lines are no rows
  std::size_t rows = 0;
  std::size_t first_line = 1;
};

/// Divides a text into blocks of about `block_bytes`, or of one row if that is longer, on all
/// cores; `first_line` is the number of the line that the text begins with. Throws
/// Error(malformed_csv) as CsvRows does for quotes and for blank lines between rows.
std::vector<CsvBlock> index_rows(std::string_view text, CsvDialect dialect, const std::string& file,
                                 std::size_t block_bytes, std::size_t first_line = 1);

}  // namespace losscalc::io
