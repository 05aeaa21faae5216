/// Rows of text as aligned columns for people, or as CSV for programs.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace losscalc::report {

using Cells = std::vector<std::string>;

/// Rows are asked for when they are written, so that a table of millions of them is never held.
struct Table {
  Cells header;
  std::size_t count = 0;
  std::function<Cells(std::size_t)> row;  ///< may be called more than once for a row
};

/// A table of rows that are at hand.
Table table_of(Cells header, std::vector<Cells> rows);

/// Columns separated by two blanks; a column whose cells are all numbers is aligned to the right.
std::string aligned(const Table& table);

/// RFC 4180, with LF line ends: cells with commas, quotes or line breaks are quoted.
std::string csv(const Table& table);

}  // namespace losscalc::report
