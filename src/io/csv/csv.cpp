#include "io/csv/csv.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "diagnostics/error.h"
#include "io/columns.h"
#include "io/csv/elements.h"
#include "io/csv/index.h"
#include "io/csv/rows.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// Large enough for the work on a block to outweigh that of finding it, small enough for caches.
constexpr std::size_t index_block_bytes = std::size_t{1} << 20U;

bool holds_number(std::string_view cell) { return text::parse_number(cell).has_value(); }

/// With a decimal point, an exponent, or the comma that some countries write for the point.
bool is_real(std::string_view cell) {
  std::string with_point(cell);
  std::ranges::replace(with_point, ',', '.');
  if (cell.find(',') != std::string_view::npos) return holds_number(with_point);
  return holds_number(cell) && cell.find_first_of(".eE") != std::string_view::npos;
}

/// A number that no double can hold: a mistake to be named, and no word.
bool is_too_large(std::string_view cell) {
  double ignored = 0.0;
  const char* const end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, ignored);
  return stop == end && error == std::errc::result_out_of_range;
}

bool is_word(std::string_view cell) { return !cell.empty() && !holds_number(cell); }

using Words = std::vector<std::string>;

Words cells_of(const CsvRows& rows) {
  Words cells;
  for (const CsvField& field : rows.fields()) cells.emplace_back(field.text);
  return cells;
}

/// The rows and columns of a text whose dialect and header are known.
class Table {
 public:
  Table(const Bytes& bytes, const ReadOptions& options, std::optional<char> delimiter)
      : content_{.file = bytes.file,
                 .text = without_byte_order_mark(bytes.text()),
                 .owner = bytes.owner,
                 .dialect = {},
                 .width = 0,
                 .blocks = {}} {
    content_.dialect = delimiter ? CsvDialect{*delimiter} : sniff_dialect(content_.text);
    CsvRows rows = scan();
    if (!rows.next())
      throw Error(ErrorCode::no_data, "the file is empty", Place{.file = bytes.file});
    first_row_ = cells_of(rows);
    has_header_ = is_header(rows, options.class_names);
    content_.width = first_row_.size();
    content_.blocks = index_rows(content_.text, content_.dialect, bytes.file, index_block_bytes);
  }

  const std::string& file() const { return content_.file; }
  std::size_t width() const { return content_.width; }
  Words header() const { return has_header_ ? first_row_ : Words{}; }

  Array read(const std::vector<std::size_t>& columns, const RowSelection& selection) const;

 private:
  bool is_header(CsvRows& rows, const Words& class_names) const;
  bool repeats_below(std::size_t column) const;
  CsvRows scan() const { return {content_.text, content_.dialect, content_.file}; }
  bool begins_with_word(std::size_t column, std::size_t row) const;

  CsvText content_;
  Words first_row_;
  bool has_header_ = false;
};

bool Table::is_header(CsvRows& rows, const Words& class_names) const {
  if (std::ranges::any_of(first_row_, is_real) || std::ranges::any_of(first_row_, is_too_large))
    return false;
  if (std::ranges::none_of(first_row_, is_word)) return false;
  const bool is_only_row = !rows.next();
  const Words second = is_only_row ? Words{} : cells_of(rows);
  for (std::size_t k = 0; k < std::min(second.size(), first_row_.size()); ++k) {
    if (is_word(first_row_[k]) && holds_number(second[k])) return true;
  }
  const auto is_class = [&](const std::string& cell) {
    return std::ranges::find(class_names, cell) != class_names.end();
  };
  if (std::ranges::any_of(first_row_, is_class)) return false;
  if (is_only_row) return std::ranges::none_of(first_row_, holds_number);
  if (!class_names.empty()) return true;
  // A number in the row makes it data: to lose a row in silence is worse than to refuse a name.
  if (std::ranges::any_of(first_row_, holds_number)) return false;
  // Only words below words: a header is a row of words of which none comes again in its column.
  for (std::size_t k = 0; k < first_row_.size(); ++k) {
    if (is_word(first_row_[k]) && repeats_below(k)) return false;
  }
  return true;
}

bool Table::repeats_below(std::size_t column) const {
  CsvRows rows = scan();
  rows.next();
  while (rows.next()) {
    if (column < rows.fields().size() && rows.fields()[column].text == first_row_[column])
      return true;
  }
  return false;
}

/// Whether the cell, the first of its column in an array, makes it a column of words.
bool Table::begins_with_word(std::size_t column, std::size_t row) const {
  const CsvRows rows = content_.rows_at(row);
  if (column >= rows.fields().size()) return false;
  const std::string_view cell = rows.fields()[column].text;
  return is_word(cell) && !is_too_large(cell);
}

Array Table::read(const std::vector<std::size_t>& columns, const RowSelection& selection) const {
  const CsvBlock& last_block = content_.blocks.back();
  const std::size_t last = last_block.first_row + last_block.rows - 1;
  std::vector<RowRange> ranges;
  std::size_t count = 0;
  for (const auto& [first_kept, last_kept] : selection.kept(has_header_ ? 2 : 1, last)) {
    ranges.push_back({first_kept, last_kept - first_kept + 1, count});
    count += ranges.back().count;
  }
  if (selection.given() && count == 0) {
    throw Error(ErrorCode::bad_fragment, "the rows asked for hold no data", Place{.file = file()},
                "rows are numbered from 1, the header among them");
  }
  const bool are_words =
      columns.size() == 1 && count > 0 && begins_with_word(columns[0], ranges.front().first);
  const auto elements = std::make_shared<const CsvElements>(content_, columns, ranges, are_words);
  const bool single = columns.size() == 1;
  const Locator locator = [elements, single](std::span<const std::size_t> index) {
    if (index.empty()) return elements->place();
    return elements->place(index[0], single || index.size() < 2 ? 0 : index[1]);
  };
  Array array(are_words ? ElementType::text : ElementType::float64,
              single ? Shape{count} : Shape{count, columns.size()}, elements, locator);
  if (content_.blocks.size() == 1 && count > 0) elements->check();
  if (has_header_) {
    Words names;
    for (const std::size_t column : columns) names.push_back(first_row_[column]);
    array.set_column_names(std::move(names));
  }
  return array;
}

std::vector<std::size_t> all_columns(std::size_t count) {
  std::vector<std::size_t> positions(count);
  for (std::size_t k = 0; k < count; ++k) positions[k] = k;
  return positions;
}

/// A column's part in an array that spreads over several: pred0, pred_0, pred.0, pred[0] are
/// numbered, pred:cat is labelled. Without a part the name of the array is empty.
struct ColumnPart {
  std::string array;
  std::optional<std::int64_t> number;
};

ColumnPart part_of(const std::string& column) {
  if (const std::size_t colon = column.find(':'); colon != std::string::npos && colon > 0)
    return {column.substr(0, colon), std::nullopt};
  std::string name = column;
  if (name.ends_with(']')) name.pop_back();
  const std::size_t last = name.find_last_not_of("0123456789");
  if (last == std::string::npos || last + 1 == name.size()) return {};
  const auto number = text::parse_integer(std::string_view(name).substr(last + 1));
  name.erase(last + 1);
  if (name.size() > 1 && (name.ends_with('_') || name.ends_with('.') || name.ends_with('[')))
    name.pop_back();
  if (!number) return {};
  return {name, number};
}

/// The columns of an array, which must be numbered 0, 1, ... or 1, 2, ... in whatever order they
/// stand, or be labelled; nothing if they are not.
std::vector<std::size_t> ordered_columns(
    std::vector<std::pair<std::optional<std::int64_t>, std::size_t>> parts) {
  std::ranges::stable_sort(parts);
  const std::int64_t first = parts.front().first.value_or(0);
  std::vector<std::size_t> columns;
  for (const auto& [number, column] : parts) {
    const bool labelled = !number && !parts.back().first;
    const bool next =
        number && first <= 1 && *number == first + static_cast<std::int64_t>(columns.size());
    if (!labelled && !next) return {};
    columns.push_back(column);
  }
  return columns;
}

class CsvContainer final : public Container {
 public:
  explicit CsvContainer(Table table) : table_(std::move(table)) {
    const Words header = table_.header();
    if (header.empty()) {
      throw Error(ErrorCode::missing_array, "the table has no header, so its columns have no names",
                  Place{.file = table_.file()},
                  "give columns by number: -p '" + table_.file() + "#col=1-3' -t '" +
                      table_.file() + "#col=4'");
    }
    std::map<std::string, std::vector<std::pair<std::optional<std::int64_t>, std::size_t>>> groups;
    for (std::size_t k = 0; k < header.size(); ++k) {
      if (!columns_.contains(header[k])) names_.push_back(header[k]);
      columns_[header[k]].push_back(k);
      const ColumnPart part = part_of(header[k]);
      if (!part.array.empty()) groups[part.array].emplace_back(part.number, k);
    }
    // A column's own name goes before the name of a group.
    for (const auto& [name, parts] : groups) {
      std::vector<std::size_t> columns = ordered_columns(parts);
      if (columns.empty() || columns_.contains(name)) continue;
      names_.push_back(name);
      groups_[name] = std::move(columns);
    }
  }

  std::vector<std::string> names() const override { return names_; }

  Array array(std::string_view name) const override {
    if (const auto group = groups_.find(name); group != groups_.end())
      return table_.read(group->second, {});
    const auto found = columns_.find(name);
    if (found == columns_.end()) {
      throw Error(ErrorCode::missing_array, "there is no column " + text::quoted(name),
                  Place{.file = table_.file()}, text::choices(name, names_));
    }
    if (found->second.size() > 1) {
      throw Error(
          ErrorCode::malformed_csv,
          text::counted(found->second.size(), "column") + " are named " + text::quoted(name),
          Place{.file = table_.file(), .line = 1}, "select one by number: #col=1");
    }
    return table_.read(found->second, {});
  }

 private:
  Table table_;
  std::vector<std::string> names_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> columns_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> groups_;
};

}  // namespace

Array read_csv(const Bytes& bytes, std::string_view fragment, const ReadOptions& options,
               std::optional<char> delimiter) {
  const Table table(bytes, options, delimiter);
  const TableFragment selected = parse_table_fragment(fragment, bytes.file);
  const std::vector<std::size_t> columns =
      selected.columns
          ? selected_columns(*selected.columns, table.header(), table.width(), bytes.file)
          : all_columns(table.width());
  return table.read(columns,
                    selected.rows ? RowSelection(*selected.rows, bytes.file) : RowSelection());
}

std::unique_ptr<Container> open_csv(const Bytes& bytes, const ReadOptions& options,
                                    std::optional<char> delimiter) {
  return std::make_unique<CsvContainer>(Table(bytes, options, delimiter));
}

}  // namespace losscalc::io
