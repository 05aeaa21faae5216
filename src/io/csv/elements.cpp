#include "io/csv/elements.h"

#include <algorithm>
#include <set>
#include <utility>

#include "diagnostics/error.h"
#include "process/processors.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// What to type or write instead of a cell that is no number.
std::string hint_for(std::string_view cell, const CsvDialect& dialect) {
  const bool has_comma = cell.find(',') != std::string_view::npos;
  const bool has_point = cell.find('.') != std::string_view::npos;
  const bool divides_thousands = has_comma && has_point;
  if (divides_thousands) return "write numbers without thousands separators";
  if (has_comma && is_real(cell, dialect) && dialect.decimal == '.')
    return "#decimal=, behind the name of the file reads decimal commas; thousands separators are "
           "not read";
  if (has_point && dialect.decimal == ',')
    return "numbers are read with a decimal comma here; --decimal . reads decimal points";
  if (is_missing_mark(cell)) return "write nan where a value is missing";
  if (boolean_cell(cell)) return "write 1 and 0 in a column of numbers";
  return "";
}

[[noreturn]] void throw_not_a_number(const CsvText& text, const CsvRows& rows,
                                     const CsvField& field) {
  const Place place{.file = text.file, .line = rows.line(), .column = rows.column(field)};
  if (field.text.empty()) {
    throw Error(ErrorCode::not_a_number, "expected a number, found an empty cell", place,
                "write nan where a value is missing");
  }
  throw Error(ErrorCode::not_a_number, "expected a number, found " + text::quoted(field.text),
              place, hint_for(field.text, text.dialect));
}

void check_width(const CsvText& text, const CsvRows& rows, std::size_t row) {
  if (rows.fields().size() == (row == 1 ? text.first_width : text.width)) return;
  throw Error(ErrorCode::malformed_csv,
              "expected " + text::counted(text.width, "field") + " as in the first row, found " +
                  std::to_string(rows.fields().size()),
              Place{.file = text.file, .line = rows.line()});
}

/// Enough blocks for all threads, each with its own and the next.
std::size_t cache_capacity() { return 2 * std::max<std::size_t>(process::processor_count(), 4); }

}  // namespace

std::size_t CsvText::block_of(std::size_t row) const {
  const auto next = std::ranges::upper_bound(blocks, row, {}, &CsvBlock::first_row);
  return static_cast<std::size_t>(next - blocks.begin()) - 1;
}

CsvRows CsvText::rows_at(std::size_t row) const {
  const CsvBlock& block = blocks[block_of(row)];
  CsvRows rows = rows_of(block);
  for (std::size_t number = block.first_row; number <= row; ++number) rows.next();
  return rows;
}

CsvElements::CsvElements(CsvText text, std::vector<std::size_t> columns,
                         std::vector<RowRange> ranges, bool are_words)
    : text_(std::move(text)),
      columns_(std::move(columns)),
      has_repeated_columns_(std::set(columns_.begin(), columns_.end()).size() < columns_.size()),
      line_(text_.dialect, text_.width, columns_),
      ignored_line_(text_.dialect, text_.width, {}),
      ranges_(std::move(ranges)),
      are_words_(are_words),
      cache_(cache_capacity(), [this](std::size_t block) { return decoded(block); }) {}

/// The range that holds a row of the array.
const RowRange& CsvElements::range_of(std::size_t row) const {
  return *(std::ranges::upper_bound(ranges_, row, {}, &RowRange::before) - 1);
}

bool CsvElements::is_wanted(std::size_t file_row) const {
  const auto next = std::ranges::upper_bound(ranges_, file_row, {}, &RowRange::first);
  return next != ranges_.begin() && file_row - (next - 1)->first < (next - 1)->count;
}

/// Fills `out` with elements first, first+1, ... : take(cells) gives those of a block.
template <class T, class Take>
void CsvElements::copy(std::size_t first, std::span<T> out, Take take) const {
  const std::size_t width = columns_.size();
  while (!out.empty()) {
    const std::size_t row = first / width;
    const RowRange& range = range_of(row);
    const std::size_t in_file = range.first + (row - range.before);
    const std::size_t number = text_.block_of(in_file);
    const CsvBlock& block = text_.blocks[number];
    const std::size_t last_in_file =
        std::min(block.first_row + block.rows, range.first + range.count);
    const std::size_t start = (in_file - block.first_row) * width + first % width;
    const std::size_t stop = (last_in_file - block.first_row) * width;
    const std::size_t count = std::min(out.size(), stop - start);
    const auto cells = cache_.get(number);
    std::copy_n(take(*cells).begin() + static_cast<std::ptrdiff_t>(start), count, out.begin());
    out = out.subspan(count);
    first += count;
  }
}

void CsvElements::read(std::size_t first, std::span<double> out) const {
  copy(first, out, [](const Cells& cells) -> const std::vector<double>& { return cells.values; });
}

void CsvElements::read_words(std::size_t first, std::span<std::string> out) const {
  copy(first, out,
       [](const Cells& cells) -> const std::vector<std::string>& { return cells.words; });
}

CsvElements::Cells CsvElements::decoded(std::size_t block_number) const {
  const CsvBlock& block = text_.blocks[block_number];
  Cells cells;
  if (are_words_ ? read_quickly(block, cells.words) : read_quickly(block, cells.values))
    return cells;
  return read_slowly(block);
}

/// Rows that no range holds need not be numbers: a header, or what was not asked for.
CsvElements::Cells CsvElements::read_slowly(const CsvBlock& block) const {
  Cells cells;
  CsvRows rows = text_.rows_of(block);
  for (std::size_t row = block.first_row; rows.next(); ++row) {
    check_width(text_, rows, row);
    const bool wanted = is_wanted(row);
    for (const std::size_t column : columns_) {
      const CsvField field = column < rows.fields().size() ? rows.fields()[column] : CsvField{};
      if (are_words_) {
        cells.words.emplace_back(field.text);
        continue;
      }
      const auto number = cell_number(field.text, text_.dialect);
      if (!number && wanted) throw_not_a_number(text_, rows, field);
      cells.values.push_back(number.value_or(0.0));
    }
  }
  return cells;
}

/// False as soon as something is not plain, or wrong, and read_slowly() has to look.
template <class Cell>
bool CsvElements::read_quickly(const CsvBlock& block, std::vector<Cell>& cells) const {
  if (has_repeated_columns_) return false;
  const std::string_view text = text_.text_of(block);
  const bool has_quotes = text.find('"') != std::string_view::npos;
  const std::size_t width = columns_.size();
  cells.resize(block.rows * width);
  std::size_t row = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, stop - at);
    at = stop + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (row == block.rows) return false;
    const CsvLine& reader = is_wanted(block.first_row + row) ? line_ : ignored_line_;
    if (!reader.read(line, has_quotes, cells.data() + row * width)) return false;
    ++row;
  }
  return row == block.rows;
}

Place CsvElements::place(std::size_t row, std::size_t column) const {
  const RowRange& range = range_of(row);
  const CsvRows rows = text_.rows_at(range.first + (row - range.before));
  Place place{.file = text_.file, .line = rows.line()};
  if (columns_[column] < rows.fields().size())
    place.column = rows.column(rows.fields()[columns_[column]]);
  return place;
}

}  // namespace losscalc::io
