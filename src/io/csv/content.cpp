#include "io/csv/content.h"

#include <algorithm>
#include <utility>

#include "diagnostics/error.h"
#include "io/csv/line.h"
#include "io/csv/sniff.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// Old programs on the Macintosh, and some that still follow them, end lines so.
void convert_carriage_returns(CsvContent& content) {
  // The first line feed tells; in most files it stands at their very beginning.
  if (content.text.find('\n') != std::string_view::npos) return;
  if (content.text.find('\r') == std::string_view::npos) return;
  auto converted = std::make_shared<std::string>(content.text);
  std::ranges::replace(*converted, '\r', '\n');
  content.text = *converted;
  content.owner = std::move(converted);
  content.notes.emplace_back("lines end with carriage returns alone");
}

std::string_view first_line_of(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// The delimiter that a line `sep=;` or `"sep=;"` names.
std::optional<char> delimiter_line(std::string_view line) {
  if (line.size() > 1 && line.front() == '"' && line.back() == '"')
    line = line.substr(1, line.size() - 2);
  const bool names_one = line.size() == 5 && (line.starts_with("sep=") || line.starts_with("SEP="));
  return names_one ? std::optional(line.back()) : std::nullopt;
}

bool is_blank_line(std::string_view line) { return std::ranges::all_of(line, is_blank); }

/// Moves to the first row; returns the delimiter that a line names on the way.
std::optional<char> skip_preamble(CsvContent& content) {
  std::optional<char> delimiter;
  while (!content.text.empty()) {
    const std::string_view line = first_line_of(content.text);
    if (line.starts_with('#')) {
      content.comments.push_back({line, content.first_line});
    } else if (const auto named = delimiter_line(line); named && !delimiter) {
      delimiter = named;
      content.notes.push_back("line " + std::to_string(content.first_line) +
                              " names the delimiter: " + text::quoted(line));
    } else if (!is_blank_line(line)) {
      break;
    }
    const std::size_t end = content.text.find('\n');
    content.text.remove_prefix(end == std::string_view::npos ? content.text.size() : end + 1);
    ++content.first_line;
  }
  return delimiter;
}

/// Excel saves rows that once had content as rows of delimiters.
void trim_empty_rows(CsvContent& content) {
  const char delimiter = content.dialect.delimiter;
  if (delimiter == ' ') return;
  std::size_t rows = 0;
  for (;;) {
    std::string_view text = content.text;
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    const std::size_t before = text.rfind('\n');
    const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
    const std::string_view line = text.substr(start);
    const bool is_empty =
        line.find(delimiter) != std::string_view::npos &&
        std::ranges::all_of(line, [&](char c) { return c == delimiter || is_blank(c); });
    if (!is_empty) break;
    content.text = content.text.substr(0, start);
    ++rows;
  }
  if (rows > 0) content.notes.push_back(text::counted(rows, "empty row") + " at the end left out");
}

}  // namespace

CsvContent csv_content(const Bytes& bytes, std::optional<char> delimiter,
                       std::optional<char> decimal) {
  CsvContent content{.file = bytes.file,
                     .text = without_byte_order_mark(bytes.text()),
                     .owner = bytes.owner,
                     .dialect = {},
                     .comments = {},
                     .notes = {}};
  convert_carriage_returns(content);
  const std::optional<char> named = skip_preamble(content);
  if (named) delimiter = named;
  content.dialect = sniff_dialect(content.text, delimiter, decimal);
  if (content.dialect.decimal == ',' && content.dialect.delimiter == ',') {
    throw Error(ErrorCode::conflicting_arguments,
                "the comma can't be both the delimiter and the decimal comma",
                Place{.file = bytes.file});
  }
  if (content.dialect.decimal == ',' && !decimal)
    content.notes.emplace_back("numbers are read with a decimal comma");
  trim_empty_rows(content);
  if (content.text.empty()) {
    throw Error(ErrorCode::no_data,
                content.comments.empty()
                    ? "the file is empty"
                    : "the file is empty but for comments, which begin with '#'",
                Place{.file = bytes.file});
  }
  return content;
}

}  // namespace losscalc::io
