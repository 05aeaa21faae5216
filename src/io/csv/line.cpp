#include "io/csv/line.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <system_error>

namespace losscalc::io {
namespace {

constexpr std::size_t no_slot = std::numeric_limits<std::size_t>::max();

const char* find(const char* at, const char* end, char c) {
  const void* const found = std::memchr(at, c, static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string_view without_blanks_behind(std::string_view field) {
  while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
  return field;
}

bool convert(std::string_view field, const CsvDialect& dialect, double& cell) {
  const auto number = cell_number(field, dialect);
  cell = number.value_or(0.0);
  return number.has_value();
}

bool convert(std::string_view field, const CsvDialect& /*dialect*/, std::string& cell) {
  cell.assign(field);
  return true;
}

}  // namespace

CsvLine::CsvLine(CsvDialect dialect, std::size_t width, const std::vector<std::size_t>& columns)
    : dialect_(dialect),
      by_blanks_(dialect.delimiter == ' '),
      width_(width),
      slot_of_column_(width, no_slot) {
  for (std::size_t slot = 0; slot < columns.size(); ++slot) {
    slot_of_column_[columns[slot]] = slot;
    chosen_end_ = std::max(chosen_end_, columns[slot] + 1);
  }
}

bool CsvLine::read(std::string_view line, bool has_quotes, double* out) const {
  return read_cells(line, has_quotes, out);
}

bool CsvLine::read(std::string_view line, bool has_quotes, std::string* out) const {
  return read_cells(line, has_quotes, out);
}

template <class Cell>
bool CsvLine::read_cells(std::string_view line, bool has_quotes, Cell* out) const {
  const char* at = line.data();
  const char* const end = at + line.size();
  for (std::size_t column = 0; column < width_; ++column) {
    if (column == chosen_end_ && !has_quotes && !by_blanks_) {
      const auto rest = static_cast<std::size_t>(std::count(at, end, dialect_.delimiter));
      return column + 1 + rest == width_;
    }
    at = behind_blanks(at, end);
    // No row: a carriage return that begins a line is taken for its end.
    if (column == 0 && (at == end || *at == '\r')) return false;
    const std::size_t slot = slot_of_column_[column];
    if (has_quotes && at != end && *at == '"') {
      std::string_view content;
      at = quoted_end(at, end, slot == no_slot ? nullptr : &content);
      if (at != nullptr && slot != no_slot && !convert(content, dialect_, out[slot])) return false;
    } else {
      at = slot == no_slot ? field_end(at, end) : take(at, end, out[slot]);
    }
    if (at == nullptr) return false;
    if (by_blanks_) at = behind_blanks(at, end);
    if (at == end) return column + 1 == width_;
    if (!by_blanks_) ++at;
  }
  return false;
}

const char* CsvLine::behind_blanks(const char* at, const char* end) const {
  while (at != end && is_blank(*at) && (by_blanks_ || *at != dialect_.delimiter)) ++at;
  return at;
}

/// The delimiter behind a field, or the end.
const char* CsvLine::field_end(const char* at, const char* end) const {
  if (!by_blanks_) return find(at, end, dialect_.delimiter);
  while (at != end && !is_blank(*at)) ++at;
  return at;
}

/// As field_end(), behind a field that begins with a quote; null if it is not closed on this line,
/// or something but blanks follows, or `content` is asked for and holds quotes.
const char* CsvLine::quoted_end(const char* at, const char* end, std::string_view* content) const {
  const char* const begin = at + 1;
  for (at = begin;; at += 2) {
    at = find(at, end, '"');
    if (at == end) return nullptr;
    if (at + 1 == end || at[1] != '"') break;
    if (content != nullptr) return nullptr;
  }
  if (content != nullptr) *content = between(begin, at);
  ++at;
  while (at != end && is_blank(*at) && *at != dialect_.delimiter) ++at;
  return at == end || *at == dialect_.delimiter ? at : nullptr;
}

/// As field_end(), and converts the field; null if it is no number.
const char* CsvLine::take(const char* at, const char* end, double& cell) const {
  if (dialect_.decimal == '.' && !dialect_.booleans) {
    const auto [stop, error] = std::from_chars(at, end, cell);
    const char* behind = stop;
    while (behind != end && is_blank(*behind) && !is_delimiter(*behind)) ++behind;
    if (error == std::errc{} && (behind == end || is_delimiter(*behind))) return behind;
  }
  // A plus sign, or what underflows, is left to the parser of the whole program.
  const char* const behind = field_end(at, end);
  return convert(without_blanks_behind(between(at, behind)), dialect_, cell) ? behind : nullptr;
}

const char* CsvLine::take(const char* at, const char* end, std::string& cell) const {
  const char* const behind = field_end(at, end);
  cell.assign(without_blanks_behind(between(at, behind)));
  return behind;
}

}  // namespace losscalc::io
