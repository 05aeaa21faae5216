/// Whether the first row of a delimited text is a header.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/csv/cells.h"
#include "io/csv/content.h"

namespace losscalc::io {

enum class HeaderKind : std::uint8_t {
  none,
  header,
  /// A header of one cell less than the rows, which begin with row names.
  header_without_row_names,
  /// The first row may be either.
  unclear,
};

struct HeaderFinding {
  HeaderKind kind = HeaderKind::none;
  std::string why = {};  ///< where it is unclear, or taken to be a header for a reason worth saying
};

/// The first row is a header if no cell of it is a number with a decimal point or exponent, and
/// some cell of it is a word while the cell below it is a number; or if it holds no number at all
/// and none of its words stands again below it in its column (or, where names of classes are known,
/// is one of these); or if it counts 0, 1, 2, ... or 1, 2, 3, ..., perhaps behind an empty cell, as
/// pandas writes columns without names, while everything below is written with decimal points and
/// is not all in [0, 1]. A single row of words is a header without rows. An empty cell is no word.
/// Throws Error
/// (not_a_number) for a first row that would be a header only because a number in it is miswritten
/// or missing.
HeaderFinding find_header(const CsvContent& content, const std::vector<std::string>& class_names);

}  // namespace losscalc::io
