#include "io/csv/table.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "diagnostics/error.h"
#include "io/column_names.h"
#include "io/csv/content.h"
#include "io/csv/index.h"
#include "io/csv/key_columns.h"
#include "io/csv/rows.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// Large enough for the work on a block to outweigh that of finding it, small enough for caches.
constexpr std::size_t index_block_bytes = std::size_t{1} << 20U;

using Words = std::vector<std::string>;

HeaderFinding finding_of(const CsvContent& content, const ReadOptions& options) {
  if (!options.header) return find_header(content, options.class_names);
  if (!*options.header) return {HeaderKind::none, ""};
  HeaderFinding found{HeaderKind::header, ""};
  CsvRows rows(content.text, content.dialect, content.file, content.first_line);
  rows.next();
  const std::size_t first = rows.fields().size();
  if (rows.next() && rows.fields().size() == first + 1)
    found.kind = HeaderKind::header_without_row_names;
  return found;
}

/// The first row, if it is one of rising numbers, as a header of quantiles or of years is.
Words quantiles_of(const CsvRows& rows, const CsvDialect& dialect) {
  Words cells;
  bool is_one_hot = true;
  double before = -std::numeric_limits<double>::infinity();
  for (const CsvField& field : rows.fields()) {
    const auto number = cell_number(field.text, dialect);
    if (!number || !(*number > before)) return {};
    is_one_hot = is_one_hot && (*number == 0.0 || *number == 1.0);
    before = *number;
    cells.emplace_back(field.text);
  }
  return cells.size() > 1 && !is_one_hot ? cells : Words{};
}

}  // namespace

Table::Table(const Bytes& bytes, const ReadOptions& options, std::optional<char> delimiter)
    : id_(options.id), class_names_(options.class_names) {
  CsvContent content = csv_content(bytes, delimiter, options.decimal);
  const HeaderFinding found = finding_of(content, options);
  CsvRows rows(content.text, content.dialect, content.file, content.first_line);
  rows.next();
  const std::size_t first_width = rows.fields().size();
  has_row_names_ = found.kind == HeaderKind::header_without_row_names;
  if (found.kind == HeaderKind::header || has_row_names_) {
    if (has_row_names_) names_.emplace_back();
    for (const CsvField& field : rows.fields()) names_.emplace_back(field.text);
  }
  if (found.kind == HeaderKind::none && !options.header)
    take_names_of_comment(content, first_width);
  reading_ = {.notes = std::move(content.notes),
              .header_doubt = found.why,
              .has_header = !names_.empty(),
              .table_width = first_width + (has_row_names_ ? 1 : 0),
              .table_names = names_,
              .header_is_likely = found.kind == HeaderKind::header,
              .quantiles = options.header ? Words{} : quantiles_of(rows, content.dialect)};
  text_ = {.file = content.file,
           .text = content.text,
           .owner = content.owner,
           .dialect = content.dialect,
           .width = first_width + (has_row_names_ ? 1 : 0),
           .first_width = first_width,
           .blocks = index_rows(content.text, content.dialect, content.file, index_block_bytes,
                                content.first_line)};
  if (row_count() >= first_data_row()) {
    const CsvRows first = text_.rows_at(first_data_row());
    for (const CsvField& field : first.fields()) first_cells_.emplace_back(field.text);
  }
  check_comments(content.comments);
}

/// The comment right above the first row names the columns if it has as many cells, all of them
/// different words; not of columns that blanks divide, as they do any sentence.
void Table::take_names_of_comment(CsvContent& content, std::size_t width) {
  if (content.comments.empty() || width < 2 || content.dialect.delimiter == ' ') return;
  const CsvComment& comment = content.comments.back();
  CsvRows rows(comment.text.substr(1), content.dialect, content.file, comment.line);
  if (!rows.next() || rows.fields().size() != width) return;
  std::set<std::string> names;
  for (const CsvField& field : rows.fields()) {
    if (!is_word(field.text, content.dialect)) return;
    names.emplace(field.text);
  }
  if (names.size() < width) return;
  for (const CsvField& field : rows.fields()) names_.emplace_back(field.text);
  names_are_in_comment_ = true;
  content.notes.emplace_back("the comment above the first row names the columns");
}

/// A row that begins with '#' is no row: what looks like one that got lost is an error.
void Table::check_comments(const std::vector<CsvComment>& comments) const {
  if (width() < 2) return;
  for (const CsvComment& comment : comments) {
    CsvRows rows(comment.text, text_.dialect, file(), comment.line);
    rows.next();
    const auto number = [&](const CsvField& field) {
      return cell_number(field.text, text_.dialect).has_value();
    };
    if (rows.fields().size() != width() || std::ranges::none_of(rows.fields(), number)) continue;
    throw Error(ErrorCode::malformed_csv,
                "the line begins with '#', as a comment does, and has as many cells as a row",
                Place{.file = file(), .line = comment.line},
                "put quotes around its first cell if it is a row; else take the line out");
  }
}

std::size_t Table::row_count() const {
  return text_.blocks.back().first_row + text_.blocks.back().rows - 1;
}

std::string Table::name_of(std::size_t column) const {
  const bool has_name = column < names_.size() && !names_[column].empty();
  return has_name ? names_[column] : std::to_string(column + 1);
}

std::string Table::shown(std::size_t column) const {
  const bool has_name = column < names_.size() && !names_[column].empty();
  return "column " + (has_name ? text::quoted(names_[column]) : std::to_string(column + 1));
}

/// Whether the first cell of a column is of that kind.
bool Table::begins_with(bool (*is_kind)(std::string_view, const CsvDialect&),
                        std::size_t column) const {
  return column < first_cells_.size() && is_kind(first_cells_[column], text_.dialect);
}

Array Table::cells(const std::vector<std::size_t>& columns, const RowSelection& selection,
                   bool are_words) const {
  std::vector<RowRange> ranges;
  std::size_t count = 0;
  for (const auto& [first, last] : selection.kept(first_data_row(), row_count())) {
    ranges.push_back({first, last - first + 1, count});
    count += ranges.back().count;
  }
  if (selection.given() && count == 0) {
    throw Error(ErrorCode::bad_fragment, "the rows asked for hold no data", Place{.file = file()},
                "rows are numbered from 1, the header among them");
  }
  CsvText text = text_;
  const auto boolean = [this](std::size_t column) { return begins_with(is_boolean, column); };
  text.dialect.booleans = !are_words && std::ranges::all_of(columns, boolean);
  const auto elements =
      std::make_shared<const CsvElements>(std::move(text), columns, ranges, are_words);
  const bool single = columns.size() == 1;
  const Locator locator = [elements, single](std::span<const std::size_t> index) {
    if (index.empty()) return elements->place();
    return elements->place(index[0], single || index.size() < 2 ? 0 : index[1]);
  };
  Array array(are_words ? ElementType::text : ElementType::float64,
              single ? Shape{count} : Shape{count, columns.size()}, elements, locator);
  if (text_.blocks.size() == 1 && count > 0) elements->check();
  return array;
}

/// The first cell of a column among the chosen rows; empty where there are none.
std::string Table::first_cell(std::size_t column, const RowSelection& selection) const {
  const auto kept = selection.kept(first_data_row(), row_count());
  if (kept.empty()) return "";
  const CsvRows rows = text_.rows_at(kept.front().first);
  return column < rows.fields().size() ? std::string(rows.fields()[column].text) : "";
}

/// Where the first column counts the rows: from 0 or from 1. The first rows tell most columns
/// apart; only then the others are read.
std::optional<int> Table::rows_counted_from(const RowSelection& selection) const {
  const auto first = text::parse_integer(first_cell(0, selection));
  if (!first || *first < 0 || *first > 1) return std::nullopt;
  return counted_from(words_of(0, selection));
}

Array Table::words_of(std::size_t column, const RowSelection& rows) const {
  return cells({column}, rows, true);
}

Array Table::read(const std::vector<std::size_t>& columns, const RowSelection& rows) const {
  bool are_words = false;
  if (columns.size() == 1) {
    const std::string first = first_cell(columns[0], rows);
    const bool names_class = std::ranges::find(class_names_, first) != class_names_.end();
    are_words = is_word(first, text_.dialect) && !is_too_large(first) &&
                (!boolean_cell(first) || names_class);
  }
  Array array = cells(columns, rows, are_words);
  Reading reading = reading_;
  if (!names_.empty()) {
    Words names;
    for (const std::size_t column : columns) names.push_back(names_[column]);
    array.set_column_names(std::move(names));
  }
  array.set_reading(std::move(reading));
  std::vector<KeyColumn> keys;
  for (KeyColumn& key : key_columns(rows)) {
    const auto is_chosen = [&](std::size_t column) { return name_of(column) == key.name; };
    if (std::ranges::none_of(columns, is_chosen)) keys.push_back(std::move(key));
  }
  add_other_columns(columns, rows, keys);
  add_keys(array, rows, std::move(keys));
  return array;
}

/// Columns that were not chosen may name the samples, whatever they are called: another file tells.
void Table::add_other_columns(const std::vector<std::size_t>& chosen, const RowSelection& rows,
                              std::vector<KeyColumn>& keys) const {
  constexpr std::size_t most = 16;
  for (std::size_t column = 0; column < names_.size() && keys.size() < most; ++column) {
    const bool is_known = std::ranges::find(chosen, column) != chosen.end() ||
                          std::ranges::find(keys, name_of(column), &KeyColumn::name) != keys.end();
    if (is_known || names_[column].empty() || is_real_column(column)) continue;
    keys.push_back({.name = name_of(column),
                    .why = "it stands beside what was asked for",
                    .is_guess = true,
                    .certain = true,
                    .words = std::make_shared<const Array>(words_of(column, rows))});
  }
}

bool Table::is_real_column(std::size_t column) const {
  return column < first_cells_.size() && is_real(first_cells_[column], text_.dialect);
}

void Table::add_keys(Array& array, const RowSelection& rows, std::vector<KeyColumn> keys) const {
  if (const auto id = id_column()) array.set_keys(words_of(*id, rows));
  Reading reading = array.reading();
  reading.key_columns = std::move(keys);
  array.set_reading(std::move(reading));
}

std::optional<std::size_t> Table::id_column() const {
  if (id_.empty()) return std::nullopt;
  if (const auto found = std::ranges::find(names_, id_); found != names_.end())
    return static_cast<std::size_t>(found - names_.begin());
  if (const auto number = text::parse_integer(id_);
      number && *number >= 1 && static_cast<std::size_t>(*number) <= width())
    return static_cast<std::size_t>(*number) - 1;
  throw Error(ErrorCode::missing_array, "there is no column " + text::quoted(id_) + " to pair by",
              Place{.file = file()}, text::choices(id_, names_));
}

}  // namespace losscalc::io
