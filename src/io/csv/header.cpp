#include "io/csv/header.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

#include "diagnostics/error.h"
#include "io/csv/rows.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

using Cells = std::vector<std::string>;

Cells cells_of(const CsvRows& rows) {
  Cells cells;
  for (const CsvField& field : rows.fields()) cells.emplace_back(field.text);
  return cells;
}

CsvRows rows_of(const CsvContent& content) {
  return {content.text, content.dialect, content.file, content.first_line};
}

/// The smallest of integers that follow one another, in whatever order they stand, each once;
/// nothing if the cells are not such.
std::optional<std::int64_t> first_of_consecutive(std::span<const std::string> cells) {
  std::vector<std::int64_t> numbers;
  for (const std::string& cell : cells) {
    const auto number = text::parse_integer(cell);
    if (!number || cell != std::to_string(*number)) return std::nullopt;
    numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  for (std::size_t k = 1; k < numbers.size(); ++k) {
    if (numbers[k] != numbers[k - 1] + 1) return std::nullopt;
  }
  return numbers.empty() ? std::nullopt : std::optional(numbers.front());
}

/// Whether the cells are 0, 1, 2, ... or 1, 2, 3, ..., in whatever order.
bool counts(std::span<const std::string> cells) {
  const auto first = first_of_consecutive(cells);
  return first && (*first == 0 || *first == 1);
}

/// Calls `visit` with each row below the first, until it returns false.
template <class Visit>
void visit_below(const CsvContent& content, Visit visit) {
  CsvRows rows = rows_of(content);
  rows.next();
  while (rows.next() && visit(rows.fields())) {
  }
}

bool repeats_below(const CsvContent& content, std::size_t column, std::string_view word) {
  bool repeats = false;
  visit_below(content, [&](const std::vector<CsvField>& row) {
    repeats = column < row.size() && row[column].text == word;
    return !repeats;
  });
  return repeats;
}

/// Whether something below the first row is written as an integer, or all of it lies in [0, 1], as
/// probabilities do.
bool may_be_like_rows_below(const CsvContent& content, std::size_t columns) {
  bool has_integer = false;
  bool in_unit_interval = columns <= 2;
  visit_below(content, [&](const std::vector<CsvField>& row) {
    for (const CsvField& field : row) {
      if (is_integer_cell(field.text)) has_integer = true;
      const auto number = cell_number(field.text, content.dialect);
      if (number && (*number < 0.0 || *number > 1.0)) in_unit_interval = false;
    }
    return !has_integer;
  });
  return has_integer || in_unit_interval;
}

/// Integers that stand above nothing but fractions may be years, horizons or other names.
HeaderFinding odd_integers(const CsvContent& content, std::span<const std::string> first) {
  constexpr std::size_t fewest_rows = 2;
  const auto is_integer = [](const std::string& cell) { return is_integer_cell(cell); };
  if (!std::ranges::all_of(first, is_integer)) return {};
  std::size_t rows = 0;
  bool has_integer = false;
  visit_below(content, [&](const std::vector<CsvField>& row) {
    ++rows;
    has_integer =
        std::ranges::any_of(row, [](const CsvField& field) { return is_integer_cell(field.text); });
    return !has_integer;
  });
  if (has_integer || rows < fewest_rows) return {};
  return {HeaderKind::unclear, "the first row, " + text::quoted(text::listed(first)) +
                                   ", may be a header or data: it alone holds integers"};
}

/// A first row of integers above other rows.
HeaderFinding counting_row(const CsvContent& content, std::span<const std::string> first) {
  const bool behind_empty_cell = first.size() > 1 && first[0].empty();
  if (!counts(behind_empty_cell ? first.subspan(1) : first)) return odd_integers(content, first);
  if (behind_empty_cell) return {HeaderKind::header, ""};
  const std::string row = "the first row, " + text::quoted(text::listed(first)) + ", ";
  const bool like_a_name = first.size() > 1 || first[0] == "0";
  if (like_a_name && !may_be_like_rows_below(content, first.size())) {
    return {
        HeaderKind::header,
        row + "is taken as the header: it counts the columns above numbers with decimal points"};
  }
  return {HeaderKind::unclear, row + "may be a header that counts the columns, or data"};
}

/// Numbers beside words in a header count columns, years and the like.
HeaderFinding row_of_names(const Cells& first, const CsvDialect& dialect) {
  Cells numbers;
  std::ranges::copy_if(first, std::back_inserter(numbers), [&](const std::string& cell) {
    return cell_number(cell, dialect).has_value();
  });
  const bool is_plain =
      numbers.empty() || counts(numbers) || (numbers.size() > 1 && first_of_consecutive(numbers));
  if (is_plain) return {HeaderKind::header, ""};
  return {HeaderKind::unclear, "the first row, " + text::quoted(text::listed(first)) +
                                   ", may be a header or data: it holds names and numbers"};
}

/// Only words below words: a header is a row of words of which none comes again in its column.
bool is_header_over_words(const CsvContent& content, const Cells& first,
                          const std::vector<std::string>& class_names) {
  const auto is_class = [&](const std::string& cell) {
    return std::ranges::find(class_names, cell) != class_names.end();
  };
  if (std::ranges::any_of(first, is_class)) return false;
  // A number in the row makes it data: to lose a row in silence is worse than to refuse a name.
  const CsvDialect& dialect = content.dialect;
  if (std::ranges::any_of(first, [&](const std::string& cell) {
        return cell_number(cell, dialect).has_value() || boolean_cell(cell);
      }))
    return false;
  if (!class_names.empty()) return true;
  for (std::size_t k = 0; k < first.size(); ++k) {
    if (is_word(first[k], dialect) && repeats_below(content, k, first[k])) return false;
  }
  return true;
}

/// A word that hardly names a column: a miswritten number, or a mark for a missing one.
bool is_spoilt_number(const std::string& cell) {
  return begins_as_number(cell) || is_missing_mark(cell);
}

[[noreturn]] void throw_spoilt(const CsvContent& content, const CsvRows& rows,
                               const CsvField& field) {
  throw Error(ErrorCode::not_a_number, "expected a number, found " + text::quoted(field.text),
              Place{.file = content.file, .line = rows.line(), .column = rows.column(field)},
              is_missing_mark(field.text)
                  ? "write nan where a value is missing; if it names the column: --header yes"
                  : "if it names the column: --header yes");
}

void check_names(const CsvContent& content) {
  CsvRows rows = rows_of(content);
  rows.next();
  const auto& fields = rows.fields();
  const auto word = [&](const CsvField& field) { return is_word(field.text, content.dialect); };
  const auto spoilt = [&](const CsvField& field) {
    return word(field) && is_spoilt_number(std::string(field.text));
  };
  const auto first_spoilt = std::ranges::find_if(fields, spoilt);
  if (first_spoilt == fields.end()) return;
  const auto plain_word = [&](const CsvField& field) { return word(field) && !spoilt(field); };
  if (std::ranges::none_of(fields, plain_word)) throw_spoilt(content, rows, *first_spoilt);
}

/// Whether a row of one cell less than the rows below it can be the header that R writes.
bool may_lack_row_names(const Cells& first, const Cells& second, const CsvDialect& dialect) {
  if (second.size() != first.size() + 1) return false;
  const auto real = [&](const std::string& cell) { return is_real(cell, dialect); };
  // A delimiter at the end of each row makes rows longer, too.
  if (second.back().empty() || is_real(second[0], dialect)) return false;
  const bool begins_with_row_name =
      second[0] == "0" || second[0] == "1" || is_word(second[0], dialect);
  return std::ranges::none_of(first, real) &&
         ((counts(first) && begins_with_row_name) ||
          std::ranges::none_of(first, [&](const std::string& cell) {
            return cell_number(cell, dialect).has_value();
          }));
}

}  // namespace

HeaderFinding find_header(const CsvContent& content, const std::vector<std::string>& class_names) {
  const CsvDialect& dialect = content.dialect;
  CsvRows rows = rows_of(content);
  rows.next();
  const Cells first = cells_of(rows);
  const bool is_only_row = !rows.next();
  const Cells second = is_only_row ? Cells{} : cells_of(rows);
  const auto real = [&](const std::string& cell) { return is_real(cell, dialect); };
  if (std::ranges::any_of(first, real) || std::ranges::any_of(first, is_too_large)) return {};
  if (may_lack_row_names(first, second, dialect)) return {HeaderKind::header_without_row_names, ""};
  const auto word = [&](const std::string& cell) { return is_word(cell, dialect); };
  if (std::ranges::none_of(first, word))
    return is_only_row ? HeaderFinding{} : counting_row(content, first);
  for (std::size_t k = 0; k < std::min(second.size(), first.size()); ++k) {
    const bool below_is_number = cell_number(second[k], dialect).has_value();
    const bool over_boolean = boolean_cell(second[k]) && !boolean_cell(first[k]);
    if (!word(first[k]) || (!below_is_number && !over_boolean)) continue;
    check_names(content);
    return row_of_names(first, dialect);
  }
  if (is_only_row) {
    const auto number = [&](const std::string& cell) {
      return cell_number(cell, dialect) || boolean_cell(cell);
    };
    const bool is_class = std::ranges::any_of(first, [&](const std::string& cell) {
      return std::ranges::find(class_names, cell) != class_names.end();
    });
    const bool is_header = !is_class && std::ranges::none_of(first, number);
    return {is_header ? HeaderKind::header : HeaderKind::none, ""};
  }
  return {is_header_over_words(content, first, class_names) ? HeaderKind::header : HeaderKind::none,
          ""};
}

}  // namespace losscalc::io
