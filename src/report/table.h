/// Rows of text as aligned columns for people, or as CSV for programs.
#pragma once

#include <string>
#include <vector>

namespace losscalc::report {

using Cells = std::vector<std::string>;

struct Table {
  Cells header;
  std::vector<Cells> rows;
};

/// Columns separated by two blanks; a column whose cells are all numbers is aligned to the right.
std::string aligned(const Table& table);

/// RFC 4180, with LF line ends: cells with commas, quotes or line breaks are quoted.
std::string csv(const Table& table);

}  // namespace losscalc::report
