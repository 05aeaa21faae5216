#include "io/csv/csv.h"

#include <algorithm>
#include <map>
#include <utility>

#include "diagnostics/error.h"
#include "io/columns.h"
#include "io/csv/content.h"
#include "io/csv/rows.h"
#include "io/csv/table.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

using Words = std::vector<std::string>;

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
    const Words header = table_.names();
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

/// Whether the rows may be numbers with a decimal comma, which a comma as delimiter divides.
bool may_be_decimal_commas(const Table& table, const CsvContent& content) {
  if (content.dialect.delimiter != ',' || table.width() != 2) return false;
  CsvRows rows(content.text, content.dialect, content.file, content.first_line);
  const bool has_header = !table.names().empty();
  if (has_header && !table.has_row_names()) return false;
  bool is_binary = !has_header;
  for (std::size_t row = 0; row < 1000 && rows.next(); ++row) {
    if (row == 0 && has_header) continue;
    const std::vector<CsvField>& fields = rows.fields();
    if (fields.size() != 2) return false;
    const std::string_view fraction = fields[1].text;
    if (fields[0].quoted || fields[1].quoted || !is_integer_cell(fields[0].text) ||
        !is_integer_cell(fraction) || fraction.starts_with('-') || fraction.starts_with('+'))
      return false;
    for (const CsvField& field : fields)
      is_binary = is_binary && (field.text == "0" || field.text == "1");
  }
  return !is_binary;
}

void check_decimal_commas(const Table& table, const Bytes& bytes, const ReadOptions& options,
                          std::optional<char> delimiter) {
  if (delimiter || options.decimal || table.width() != 2) return;
  const CsvContent content = csv_content(bytes, delimiter, options.decimal);
  if (!may_be_decimal_commas(table, content)) return;
  CsvRows rows(content.text, content.dialect, content.file, content.first_line);
  rows.next();
  if (!table.names().empty()) rows.next();
  const std::string row =
      std::string(rows.fields()[0].text) + "," + std::string(rows.fields()[1].text);
  throw Error(ErrorCode::malformed_csv,
              text::quoted(row) + " may be two integers, or one number with a decimal comma",
              Place{.file = bytes.file, .line = rows.line()},
              "for numbers with a decimal comma '" + bytes.file + "#decimal=,'; for two columns '" +
                  bytes.file + "#col=1-2'");
}

Array read_table(const Bytes& bytes, std::string_view fragment, const ReadOptions& options,
                 std::optional<char> delimiter) {
  const TableFragment selected = parse_table_fragment(fragment, bytes.file);
  ReadOptions own = options;
  if (selected.header) own.header = selected.header;
  if (selected.decimal) own.decimal = selected.decimal;
  const Table table(bytes, own, delimiter);
  const RowSelection rows =
      selected.rows ? RowSelection(*selected.rows, bytes.file) : RowSelection();
  if (!selected.columns) {
    check_decimal_commas(table, bytes, own, delimiter);
    return table.read_data(rows);
  }
  return table.read(selected_columns(*selected.columns, table.names(), table.width(), bytes.file),
                    rows);
}

}  // namespace

Array read_csv(const Bytes& bytes, std::string_view fragment, const ReadOptions& options,
               std::optional<char> delimiter) {
  Array array = read_table(bytes, fragment, options, delimiter);
  if (array.reading().header_doubt.empty()) return array;
  Reading reading = array.reading();
  reading.with_header = [bytes, fragment = std::string(fragment), options, delimiter](bool header) {
    ReadOptions settled = options;
    settled.header = header;
    return read_csv(bytes, fragment, settled, delimiter);
  };
  array.set_reading(std::move(reading));
  return array;
}

std::unique_ptr<Container> open_csv(const Bytes& bytes, const ReadOptions& options,
                                    std::optional<char> delimiter) {
  return std::make_unique<CsvContainer>(Table(bytes, options, delimiter));
}

}  // namespace losscalc::io
