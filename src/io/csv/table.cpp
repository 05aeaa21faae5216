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

bool is_boolean(std::string_view cell, const CsvDialect& /*dialect*/) {
  return boolean_cell(cell).has_value();
}

bool is_number(std::string_view cell, const CsvDialect& dialect) {
  return cell_number(cell, dialect).has_value();
}

/// The columns in the order of the numbers in their names, if these are 0, 1, 2, ... or 1, 2, 3,
/// ... and all else in the names is the same.
std::vector<std::size_t> in_numerical_order(const std::vector<std::size_t>& columns,
                                            const Words& names) {
  std::vector<std::pair<std::int64_t, std::size_t>> numbered;
  const NumberedName first = numbered_name(names[columns.front()]);
  for (const std::size_t column : columns) {
    const NumberedName name = numbered_name(names[column]);
    if (!name.number || name.prefix != first.prefix || name.suffix != first.suffix) return columns;
    numbered.emplace_back(*name.number, column);
  }
  std::ranges::sort(numbered);
  std::vector<std::size_t> ordered;
  for (const auto& [number, column] : numbered) {
    const auto next = numbered.front().first + static_cast<std::int64_t>(ordered.size());
    if (numbered.front().first > 1 || number != next) return columns;
    ordered.push_back(column);
  }
  return ordered;
}

/// A fragment that names these columns.
std::string fragment_of(const std::vector<std::size_t>& columns) {
  std::string fragment;
  for (std::size_t k = 0; k < columns.size();) {
    std::size_t end = k + 1;
    while (end < columns.size() && columns[end] == columns[end - 1] + 1) ++end;
    if (!fragment.empty()) fragment += ',';
    fragment += std::to_string(columns[k] + 1);
    if (end - k > 1) fragment += "-" + std::to_string(columns[end - 1] + 1);
    k = end;
  }
  return "#col=" + fragment;
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

/// What the columns of a table hold.
struct Table::Columns {
  std::vector<std::size_t> data;
  std::vector<LeftOut> left_out;
  std::vector<KeyColumn> keys;
};

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

bool Table::is_empty(std::size_t column) const {
  const Array words = words_of(column, {});
  std::vector<std::string> cells;
  constexpr std::size_t piece = 4096;
  for (std::size_t row = 0; row < words.size(); row += cells.size()) {
    cells.resize(std::min(row == 0 ? 1 : piece, words.size() - row));
    words.read_words(row, cells);
    if (std::ranges::any_of(cells, [](const std::string& cell) { return !cell.empty(); }))
      return false;
  }
  return true;
}

/// Numbers with fractions name no rows: then the first row is a title, or lacks a name.
void Table::require_row_names() const {
  const auto is_fraction = [this](const std::string& cell) { return is_real(cell, text_.dialect); };
  const Array words = words_of(0, {});
  std::vector<std::string> cells(std::min<std::size_t>(words.size(), 1000));
  words.read_words(0, cells);
  if (std::ranges::none_of(cells, is_fraction)) return;
  throw Error(ErrorCode::malformed_csv,
              "expected " + text::counted(text_.first_width, "field") +
                  " as in the first row, found " + std::to_string(width()),
              Place{.file = file(), .line = text_.blocks.front().first_line + 1},
              "if the first row is a title, take it out");
}

/// The column as one of keys, if that is what it holds or may hold beside others.
std::optional<KeyColumn> Table::key_column(std::size_t column, const RowSelection& rows) const {
  if (width() < 2 || row_count() < first_data_row()) return std::nullopt;
  const bool has_header = !names_.empty();
  const std::string name = has_header ? names_[column] : std::string();
  const auto key = [&](std::string why, bool certain, bool holds_words = false) {
    return KeyColumn{.name = name_of(column),
                     .why = std::move(why),
                     .has_no_name = name.empty() || names_nothing(name),
                     .holds_words = holds_words,
                     .certain = certain,
                     .words = std::make_shared<const Array>(words_of(column, rows))};
  };
  if (column == 0 && has_row_names_) {
    require_row_names();
    return key("it holds the names of the rows", true);
  }
  if (column == 0 && has_header && name.empty() && !is_empty(0))
    return key("it has no name, as an index is written", true);
  if (column == 0 && names_nothing(name)) return key("it is an index that was saved", true);
  const auto counted = column == 0 ? rows_counted_from(rows) : std::nullopt;
  if (counted) {
    return key("it counts the rows from " + std::to_string(*counted), names_key(name));
  }
  if (names_key(name)) {
    const bool holds_words = begins_with(is_word, column);
    return key("its name is that of a key", false, holds_words);
  }
  const auto has_number_behind_first = [this] {
    for (std::size_t k = 1; k < width(); ++k) {
      if (begins_with(is_number, k)) return true;
    }
    return false;
  };
  if (column == 0 && begins_with(is_word, 0) && !begins_with(is_boolean, 0) &&
      has_number_behind_first())
    return key("it holds words", false, true);
  return std::nullopt;
}

std::vector<KeyColumn> Table::key_columns(const RowSelection& rows) const {
  std::vector<KeyColumn> keys;
  for (std::size_t column = 0; column < width(); ++column) {
    if (auto key = key_column(column, rows)) keys.push_back(std::move(*key));
  }
  return keys;
}

Table::Columns Table::sorted_columns(const RowSelection& rows) const {
  Columns columns;
  const auto id = id_column();
  const bool has_header = !names_.empty();
  for (std::size_t column = 0; column < width(); ++column) {
    if (column == id) {
      columns.left_out.push_back({shown(column), "samples are paired by it"});
      continue;
    }
    const bool may_be_empty =
        width() > 1 && (has_header ? names_[column].empty() : column + 1 == width());
    if (may_be_empty && row_count() >= first_data_row() && is_empty(column)) {
      columns.left_out.push_back({shown(column), "it is empty"});
      continue;
    }
    if (auto key = key_column(column, rows)) {
      columns.keys.push_back(std::move(*key));
      continue;
    }
    columns.data.push_back(column);
  }
  return columns;
}

void Table::check_data(const std::vector<std::size_t>& columns) const {
  const Place place{.file = file(), .line = text_.blocks.front().first_line};
  if (columns.empty()) {
    throw Error(ErrorCode::malformed_csv, "no column is left: all hold keys", place,
                "name the columns that are data: '" + file() + "#col=1'");
  }
  if (names_.empty() || columns.size() < 2) return;
  const auto without = [&](std::size_t column) {
    std::vector<std::size_t> others;
    std::ranges::copy_if(columns, std::back_inserter(others),
                         [&](std::size_t other) { return other != column; });
    return others;
  };
  std::map<std::string, std::size_t> counts;
  for (const std::size_t column : columns) ++counts[names_[column]];
  const std::size_t odd = odd_column(columns);
  const bool are_coordinates = counts.contains("x") && counts.contains("y");
  for (const std::size_t column : columns) {
    const std::string& name = names_[column];
    if (name.empty() || names_nothing(name)) {
      throw Error(
          ErrorCode::malformed_csv, shown(column) + " has no name, and is not empty", place,
          "name the columns that are data: '" + file() + fragment_of(without(column)) + "'");
    }
    if (counts[name] > 1) {
      throw Error(
          ErrorCode::malformed_csv, "two columns are named " + text::quoted(name), place,
          "number the columns that are data: '" + file() + fragment_of(without(column)) + "'");
    }
    const bool is_other_input = names_input(name) || (name == "y" && !are_coordinates);
    if (is_other_input || column == odd) {
      throw Error(
          ErrorCode::malformed_csv,
          shown(column) + " stands among " + text::counted(columns.size() - 1, "other column") +
              (is_other_input ? ", and its name is that of an input by itself"
                              : ", which are numbered, or no integers as it is"),
          place,
          "name the columns that are meant: '" + file() + fragment_of(without(column)) + "' or '" +
              file() + fragment_of({column}) + "'; '" + file() + "#col=1-*' takes all");
    }
  }
}

/// The column among numbered ones that is not numbered as they are, or the first or the last one if
/// it holds integers above 1 where all others hold fractions alone; none if there is no such one.
std::size_t Table::odd_column(const std::vector<std::size_t>& columns) const {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  if (columns.size() < 3) return none;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> by_pattern;
  for (const std::size_t column : columns) {
    const NumberedName name = numbered_name(names_[column]);
    if (name.number) by_pattern[{name.prefix, name.suffix}].push_back(column);
  }
  for (const auto& entry : by_pattern) {
    const std::vector<std::size_t>& numbered = entry.second;
    if (numbered.size() + 1 != columns.size()) continue;
    return *std::ranges::find_if(columns, [&](std::size_t column) {
      return std::ranges::find(numbered, column) == numbered.end();
    });
  }
  for (const std::size_t column : {columns.front(), columns.back()}) {
    if (!begins_with_integer(column)) continue;
    const bool stands_out = std::ranges::all_of(
        columns, [&](std::size_t other) { return other == column || !begins_with_integer(other); });
    if (stands_out && holds_integers_alone(column, columns)) return column;
  }
  return none;
}

bool Table::begins_with_integer(std::size_t column) const {
  return column < first_cells_.size() && is_integer_cell(first_cells_[column]);
}

/// Whether all cells of the column are integers, one of them above 1, and none of the others' are;
/// as far as the first rows tell.
bool Table::holds_integers_alone(std::size_t column,
                                 const std::vector<std::size_t>& columns) const {
  constexpr std::size_t most_rows = 1000;
  constexpr std::size_t fewest_rows = 3;
  if (row_count() < first_data_row() + fewest_rows - 1) return false;
  bool has_large = false;
  CsvRows rows = text_.rows_at(first_data_row());
  for (std::size_t row = 0; row < most_rows; ++row) {
    const std::vector<CsvField>& fields = rows.fields();
    if (fields.size() != width()) return false;
    for (const std::size_t other : columns) {
      if (is_integer_cell(fields[other].text) != (other == column)) return false;
    }
    const auto number = text::parse_integer(fields[column].text);
    has_large = has_large || (number && *number > 1);
    if (!rows.next()) break;
  }
  return has_large;
}

Array Table::read_data(const RowSelection& rows) const {
  Columns columns = sorted_columns(rows);
  check_data(columns.data);
  const std::vector<std::size_t> ordered =
      names_.empty() ? columns.data : in_numerical_order(columns.data, names_);
  Array array = read(ordered, rows);
  for (KeyColumn& key : columns.keys) key.fragment = fragment_of(columns.data);
  Reading reading = array.reading();
  reading.is_whole = true;
  reading.left_out = std::move(columns.left_out);
  for (const KeyColumn& key : columns.keys) {
    if (key.certain) reading.left_out.push_back({"column " + text::quoted(key.name), key.why});
  }
  const bool moved = ordered != columns.data;
  if (moved) reading.notes.emplace_back("columns are taken in the order of their numbers");
  if (moved || !reading.left_out.empty() || !columns.keys.empty())
    reading.columns = array.column_names();
  array.set_reading(std::move(reading));
  add_keys(array, rows, std::move(columns.keys));
  return array;
}

}  // namespace losscalc::io
