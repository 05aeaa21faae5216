/// What the columns of a table hold: data, keys or nothing.

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "diagnostics/error.h"
#include "io/column_names.h"
#include "io/csv/rows.h"
#include "io/csv/table.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

bool is_number(std::string_view cell, const CsvDialect& dialect) {
  return cell_number(cell, dialect).has_value();
}

/// The columns in the order of the numbers in their names, if these are 0, 1, 2, ... or 1, 2, 3,
/// ... and all else in the names is the same.
std::vector<std::size_t> in_numerical_order(const std::vector<std::size_t>& columns,
                                            const std::vector<std::string>& names) {
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

}  // namespace

/// What the columns of a table hold.
struct Table::Columns {
  std::vector<std::size_t> data;
  std::vector<LeftOut> left_out;
  std::vector<KeyColumn> keys;
};

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
