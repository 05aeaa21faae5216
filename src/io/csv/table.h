/// A delimited text whose dialect, header and columns are known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/array.h"
#include "io/bytes.h"
#include "io/columns.h"
#include "io/container.h"
#include "io/csv/elements.h"
#include "io/csv/header.h"

namespace losscalc::io {

class Table {
 public:
  /// Throws Error: no_data, malformed_csv, not_a_number.
  Table(const Bytes& bytes, const ReadOptions& options, std::optional<char> delimiter);

  const std::string& file() const { return text_.file; }
  std::size_t width() const { return text_.width; }
  /// Empty without a header.
  const std::vector<std::string>& names() const { return names_; }

  /// Whether rows begin with a cell for which the header has no name.
  bool has_row_names() const { return has_row_names_; }

  /// The chosen columns: [N] for one, [N,K] for several; words if the first cell of a single one is
  /// a word.
  Array read(const std::vector<std::size_t>& columns, const RowSelection& rows) const;

  /// All columns that are data, those that are numbered in the order of their numbers. Columns that
  /// hold or may hold keys are left out, and named as the array's key_columns. Throws Error
  /// (malformed_csv) for a name that stands twice, and for a column without a name or of a whole
  /// input among others.
  Array read_data(const RowSelection& rows) const;

  /// The position of the column that --id names, where it names one. Throws Error(missing_array) if
  /// there is none of this name.
  std::optional<std::size_t> id_column() const;

 private:
  struct Columns;

  Array cells(const std::vector<std::size_t>& columns, const RowSelection& rows,
              bool are_words) const;
  std::string first_cell(std::size_t column, const RowSelection& selection) const;
  std::optional<int> rows_counted_from(const RowSelection& selection) const;
  Array words_of(std::size_t column, const RowSelection& rows) const;
  Columns sorted_columns(const RowSelection& rows) const;
  std::optional<KeyColumn> key_column(std::size_t column, const RowSelection& rows) const;
  std::vector<KeyColumn> key_columns(const RowSelection& rows) const;
  void add_other_columns(const std::vector<std::size_t>& chosen, const RowSelection& rows,
                         std::vector<KeyColumn>& keys) const;
  bool is_real_column(std::size_t column) const;
  void add_keys(Array& array, const RowSelection& rows, std::vector<KeyColumn> keys) const;
  void check_data(const std::vector<std::size_t>& columns) const;
  void check_comments(const std::vector<CsvComment>& comments) const;
  std::size_t odd_column(const std::vector<std::size_t>& columns) const;
  bool begins_with_integer(std::size_t column) const;
  bool holds_integers_alone(std::size_t column, const std::vector<std::size_t>& columns) const;
  void take_names_of_comment(CsvContent& content, std::size_t width);
  void require_row_names() const;
  bool is_empty(std::size_t column) const;
  bool begins_with(bool (*is_kind)(std::string_view, const CsvDialect&), std::size_t column) const;
  std::string name_of(std::size_t column) const;
  std::string shown(std::size_t column) const;
  std::size_t row_count() const;
  std::size_t first_data_row() const { return names_.empty() || names_are_in_comment_ ? 1 : 2; }

  CsvText text_;
  std::vector<std::string> names_;
  std::vector<std::string> first_cells_;  ///< of the first row that is no header
  bool names_are_in_comment_ = false;
  bool has_row_names_ = false;
  Reading reading_;
  std::string id_;
  std::vector<std::string> class_names_;
};

}  // namespace losscalc::io
