#include "io/csv/rows.h"

#include <algorithm>
#include <utility>

#include "diagnostics/error.h"
#include "io/csv/line.h"

namespace losscalc::io {

CsvRows::CsvRows(std::string_view text, CsvDialect dialect, std::string file,
                 std::size_t first_line)
    : text_(text), dialect_(dialect), file_(std::move(file)), next_line_(first_line) {}

bool CsvRows::next() {
  std::size_t blank_line = 0;
  while (position_ < text_.size()) {
    line_start_ = position_;
    line_ = next_line_;
    std::size_t content = position_;
    while (content < text_.size() && is_blank(text_[content]) &&
           (dialect_.delimiter == ' ' || text_[content] != dialect_.delimiter))
      ++content;
    const bool only_blanks =
        content >= text_.size() || text_[content] == '\n' || text_[content] == '\r';
    if (only_blanks) {
      if (blank_line == 0) blank_line = line_;
      position_ = std::min(text_.find('\n', position_), text_.size());
      end_line();
      continue;
    }
    if (blank_line > 0 && line_ > 1 && !fields_.empty())
      fail("blank line between rows", blank_line, 0);
    begin_ = line_start_;
    read_row();
    return true;
  }
  return false;
}

void CsvRows::read_row() {
  fields_.clear();
  unescaped_.clear();
  const bool by_blanks = dialect_.delimiter == ' ';
  for (;;) {
    while (position_ < text_.size() && is_blank(text_[position_]) &&
           (by_blanks || text_[position_] != dialect_.delimiter)) {
      ++position_;
    }
    if (by_blanks && at_line_end()) break;  // blanks at the end of a line
    if (position_ < text_.size() && text_[position_] == '"') {
      read_quoted_field();
    } else {
      read_plain_field();
    }
    if (at_line_end()) break;
    ++position_;  // the delimiter
  }
  end_line();
}

void CsvRows::read_plain_field() {
  const std::size_t start = position_;
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == dialect_.delimiter || c == '\n' || (dialect_.delimiter == ' ' && c == '\t')) break;
    if (c == '\r' && (position_ + 1 == text_.size() || text_[position_ + 1] == '\n')) break;
    ++position_;
  }
  std::string_view field = text_.substr(start, position_ - start);
  while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
  fields_.push_back({field, start, line_start_, false});
}

void CsvRows::read_quoted_field() {
  const std::size_t opening = position_;
  const std::size_t opening_line = next_line_;
  std::string* unescaped = nullptr;
  std::size_t start = ++position_;
  for (;;) {
    const std::size_t quote = text_.find('"', position_);
    if (quote == std::string_view::npos)
      fail("a quote is opened and never closed", opening_line, column_of(line_start_, opening));
    next_line_ += static_cast<std::size_t>(
        std::ranges::count(text_.substr(position_, quote - position_), '\n'));
    position_ = quote + 1;
    if (position_ >= text_.size() || text_[position_] != '"') break;
    if (unescaped == nullptr) unescaped = &unescaped_.emplace_back();
    unescaped->append(text_.substr(start, position_ - start));
    start = ++position_;
  }
  std::string_view field = text_.substr(start, position_ - 1 - start);
  if (unescaped != nullptr) {
    unescaped->append(field);
    field = *unescaped;
  }
  fields_.push_back({field, opening, line_start_, true});
  while (position_ < text_.size() && is_blank(text_[position_]) &&
         text_[position_] != dialect_.delimiter)
    ++position_;
  if (!at_line_end() && text_[position_] != dialect_.delimiter) {
    fail("expected a delimiter after the closing quote", next_line_, 0);
  }
}

bool CsvRows::at_line_end() const {
  if (position_ >= text_.size() || text_[position_] == '\n') return true;
  return text_[position_] == '\r' &&
         (position_ + 1 == text_.size() || text_[position_ + 1] == '\n');
}

void CsvRows::end_line() {
  while (position_ < text_.size() && text_[position_] != '\n') ++position_;
  ++position_;
  ++next_line_;
}

std::size_t CsvRows::column_of(std::size_t line_start, std::size_t position) const {
  // Continuation bytes of UTF-8 are no characters of their own.
  const auto is_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  const std::string_view before = text_.substr(line_start, position - line_start);
  return 1 + static_cast<std::size_t>(std::ranges::count_if(before, is_character));
}

void CsvRows::fail(const std::string& message, std::size_t line, std::size_t column) const {
  throw Error(ErrorCode::malformed_csv, message,
              Place{.file = file_, .line = line, .column = column});
}

}  // namespace losscalc::io
