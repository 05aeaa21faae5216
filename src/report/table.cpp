#include "report/table.h"

#include <algorithm>
#include <utility>

#include "text/number.h"

namespace losscalc::report {
namespace {

std::string csv_cell(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

void append_csv_row(const Cells& cells, std::string& text) {
  for (std::size_t k = 0; k < cells.size(); ++k) text += (k > 0 ? "," : "") + csv_cell(cells[k]);
  text += "\n";
}

/// Characters of UTF-8, each taken for one column wide.
std::size_t width(const std::string& cell) {
  return static_cast<std::size_t>(std::ranges::count_if(
      cell, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

bool is_number_or_empty(const std::string& cell) {
  return cell.empty() || text::parse_number(cell).has_value();
}

}  // namespace

Table table_of(Cells header, std::vector<Cells> rows) {
  const std::size_t count = rows.size();
  return {std::move(header), count,
          [rows = std::move(rows)](std::size_t i) -> Cells { return rows[i]; }};
}

std::string aligned(const Table& table) {
  std::vector<std::size_t> widths(table.header.size());
  std::vector<bool> numeric(table.header.size(), true);
  const auto measure = [&](const Cells& cells, bool is_header) {
    for (std::size_t k = 0; k < cells.size(); ++k) {
      widths[k] = std::max(widths[k], width(cells[k]));
      if (!is_header && !is_number_or_empty(cells[k])) numeric[k] = false;
    }
  };
  measure(table.header, true);
  for (std::size_t i = 0; i < table.count; ++i) measure(table.row(i), false);
  std::string text;
  const auto append = [&](const Cells& cells) {
    std::string line;
    for (std::size_t k = 0; k < cells.size(); ++k) {
      if (k > 0) line += "  ";
      const std::string padding(widths[k] - width(cells[k]), ' ');
      line += numeric[k] ? padding + cells[k] : cells[k] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  append(table.header);
  for (std::size_t i = 0; i < table.count; ++i) append(table.row(i));
  return text;
}

std::string csv(const Table& table) {
  std::string text;
  append_csv_row(table.header, text);
  for (std::size_t i = 0; i < table.count; ++i) append_csv_row(table.row(i), text);
  return text;
}

}  // namespace losscalc::report
