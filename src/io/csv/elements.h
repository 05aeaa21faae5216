/// The chosen cells of a delimited text as elements of an array, converted block by block when they
/// are asked for.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/array.h"
#include "io/block_cache.h"
#include "io/columns.h"
#include "io/csv/index.h"
#include "io/csv/line.h"

namespace losscalc::io {

/// A text whose dialect, width and blocks are known.
struct CsvText {
  std::string file;
  std::string_view text;
  std::shared_ptr<const void> owner;  ///< keeps the text
  CsvDialect dialect;
  std::size_t width = 0;        ///< fields in each row
  std::size_t first_width = 0;  ///< those of the first, which may lack the name of row names
  std::vector<CsvBlock> blocks;

  std::string_view text_of(const CsvBlock& block) const {
    return text.substr(block.begin, block.end - block.begin);
  }
  CsvRows rows_of(const CsvBlock& block) const {
    return {text_of(block), dialect, file, block.first_line};
  }
  /// The number of the block that holds a row, which is numbered from 1.
  std::size_t block_of(std::size_t row) const;
  /// Moved to a row, without reading what stands before its block.
  CsvRows rows_at(std::size_t row) const;
};

/// Consecutive rows of the file that belong to the array.
struct RowRange {
  std::size_t first = 0;  ///< in the file, from 1
  std::size_t count = 0;
  std::size_t before = 0;  ///< rows of the array before these
};

class CsvElements final : public ElementSource {
 public:
  /// The cells of `columns` in the rows of `ranges`. Reading throws Error: malformed_csv for a row
  /// of another width, not_a_number.
  CsvElements(CsvText text, std::vector<std::size_t> columns, std::vector<RowRange> ranges,
              bool are_words);

  /// Converts the first block, so that what is wrong in it is said now.
  void check() const { cache_.get(0); }
  void read(std::size_t first, std::span<double> out) const override;
  void read_words(std::size_t first, std::span<std::string> out) const override;

  /// The place of a cell.
  Place place(std::size_t row, std::size_t column) const;
  Place place() const { return {.file = text_.file}; }

 private:
  /// The chosen cells of a block: numbers, or words.
  struct Cells {
    std::vector<double> values;
    std::vector<std::string> words;
  };

  Cells decoded(std::size_t block_number) const;
  Cells read_slowly(const CsvBlock& block) const;
  template <class Cell>
  bool read_quickly(const CsvBlock& block, std::vector<Cell>& cells) const;
  const RowRange& range_of(std::size_t row) const;
  bool is_wanted(std::size_t file_row) const;

  template <class T, class Take>
  void copy(std::size_t first, std::span<T> out, Take take) const;

  CsvText text_;
  std::vector<std::size_t> columns_;
  bool has_repeated_columns_;
  CsvLine line_;
  CsvLine ignored_line_;  ///< takes nothing
  std::vector<RowRange> ranges_;
  bool are_words_;
  mutable BlockCache<Cells> cache_;
};

}  // namespace losscalc::io
