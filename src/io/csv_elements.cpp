#include "io/csv_elements.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <thread>
#include <utility>

#include "diagnostics/error.h"
#include "io/phrases.h"
#include "text/number.h"

namespace losscalc::io {
namespace {

constexpr std::size_t no_slot = std::numeric_limits<std::size_t>::max();

bool is_blank(char c) { return c == ' ' || c == '\t'; }

[[noreturn]] void throw_not_a_number(const CsvText& text, const CsvRows& rows,
                                     const CsvField& field) {
  const Place place{.file = text.file, .line = rows.line(), .column = rows.column(field)};
  if (field.text.empty()) {
    throw Error(ErrorCode::not_a_number, "expected a number, found an empty cell", place,
                "write nan where a value is missing");
  }
  std::string hint;
  std::string with_point(field.text);
  std::ranges::replace(with_point, ',', '.');
  if (field.text.find(',') != std::string_view::npos && text::parse_number(with_point))
    hint = "write decimal points: " + with_point;
  throw Error(ErrorCode::not_a_number, "expected a number, found " + quoted(field.text), place,
              hint);
}

void check_width(const CsvText& text, const CsvRows& rows) {
  if (rows.fields().size() == text.width) return;
  throw Error(ErrorCode::malformed_csv,
              "expected " + counted(text.width, "field") + " as in the first row, found " +
                  std::to_string(rows.fields().size()),
              Place{.file = text.file, .line = rows.line()});
}

/// Enough blocks for all threads, each with its own and the next.
std::size_t cache_capacity() {
  return 2 * std::max<std::size_t>(std::thread::hardware_concurrency(), 4);
}

/// The position of the next delimiter at or behind `at`, or the end.
const char* field_end(const char* at, const char* end, char delimiter) {
  const void* const found = std::memchr(at, delimiter, static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

}  // namespace

CsvElements::CsvElements(CsvText text, std::vector<std::size_t> columns,
                         std::vector<RowRange> ranges, bool are_words)
    : text_(std::move(text)),
      columns_(std::move(columns)),
      slot_of_column_(text_.width, no_slot),
      ranges_(std::move(ranges)),
      are_words_(are_words),
      cache_(cache_capacity(), [this](std::size_t block) { return decoded(block); }) {
  for (std::size_t slot = 0; slot < columns_.size(); ++slot) {
    has_repeated_columns_ = has_repeated_columns_ || slot_of_column_[columns_[slot]] != no_slot;
    slot_of_column_[columns_[slot]] = slot;
    last_column_ = std::max(last_column_, columns_[slot]);
  }
}

/// The row of the file that is a row of the array.
std::size_t CsvElements::file_row(std::size_t row) const {
  const auto next = std::ranges::upper_bound(ranges_, row, {}, &RowRange::before);
  const RowRange& range = *(next - 1);
  return range.first + (row - range.before);
}

std::size_t CsvElements::block_of(std::size_t file_row) const {
  const auto next = std::ranges::upper_bound(text_.blocks, file_row, {}, &CsvBlock::first_row);
  return static_cast<std::size_t>(next - text_.blocks.begin()) - 1;
}

/// Fills `out` with elements first, first+1, ... : take(cells) gives those of a block.
template <class T, class Take>
void CsvElements::copy(std::size_t first, std::span<T> out, Take take) const {
  const std::size_t width = columns_.size();
  while (!out.empty()) {
    const std::size_t row = first / width;
    const auto next = std::ranges::upper_bound(ranges_, row, {}, &RowRange::before);
    const RowRange& range = *(next - 1);
    const std::size_t in_file = range.first + (row - range.before);
    const std::size_t number = block_of(in_file);
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
  if (!are_words_ && read_quickly(block, cells.values)) return cells;
  return read_slowly(block);
}

/// Rows that no range holds need not be numbers: a header, or what was not asked for.
CsvElements::Cells CsvElements::read_slowly(const CsvBlock& block) const {
  Cells cells;
  CsvRows rows = text_.rows_of(block);
  for (std::size_t row = block.first_row; rows.next(); ++row) {
    check_width(text_, rows);
    const auto wanted = std::ranges::any_of(ranges_, [row](const RowRange& range) {
      return row >= range.first && row - range.first < range.count;
    });
    for (const std::size_t column : columns_) {
      const CsvField& field = rows.fields()[column];
      if (are_words_) {
        cells.words.emplace_back(field.text);
        continue;
      }
      const auto number = text::parse_number(field.text);
      if (!number && wanted) throw_not_a_number(text_, rows, field);
      cells.values.push_back(number.value_or(0.0));
    }
  }
  return cells;
}

/// Without quotes and with one delimiter between fields: false as soon as something is not as plain
/// as that, or wrong, and read_slowly() has to look.
bool CsvElements::read_quickly(const CsvBlock& block, std::vector<double>& values) const {
  if (text_.dialect.delimiter == ' ' || has_repeated_columns_) return false;
  const std::string_view text = text_.text.substr(block.begin, block.end - block.begin);
  if (text.find('"') != std::string_view::npos) return false;
  values.resize(block.rows * columns_.size());
  double* out = values.data();
  double* const last = out + values.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, stop - at);
    at = stop + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    if (out == last || !read_line(line, out)) return false;
    out += columns_.size();
  }
  return out == last;
}

bool CsvElements::read_line(std::string_view line, double* out) const {
  const char delimiter = text_.dialect.delimiter;
  const char* at = line.data();
  const char* const end = at + line.size();
  for (std::size_t column = 0;; ++column) {
    const std::size_t slot = slot_of_column_[column];
    if (slot == no_slot) {
      at = field_end(at, end, delimiter);
    } else {
      while (at < end && is_blank(*at) && *at != delimiter) ++at;
      const auto [stop, error] = std::from_chars(at, end, out[slot]);
      if (error != std::errc{}) return false;
      at = stop;
      while (at < end && is_blank(*at) && *at != delimiter) ++at;
      if (at < end && *at != delimiter) return false;
    }
    if (column == last_column_) {
      const auto rest = std::count(at, end, delimiter);
      return column + 1 + static_cast<std::size_t>(rest) == text_.width;
    }
    if (at == end) return false;
    ++at;
  }
}

Place CsvElements::place(std::size_t row, std::size_t column) const {
  const std::size_t in_file = file_row(row);
  const CsvBlock& block = text_.blocks[block_of(in_file)];
  CsvRows rows = text_.rows_of(block);
  for (std::size_t skipped = block.first_row; skipped <= in_file; ++skipped) rows.next();
  Place place{.file = text_.file, .line = rows.line()};
  if (columns_[column] < rows.fields().size())
    place.column = rows.column(rows.fields()[columns_[column]]);
  return place;
}

}  // namespace losscalc::io
