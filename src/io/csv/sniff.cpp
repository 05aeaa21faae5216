#include "io/csv/sniff.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "diagnostics/error.h"
#include "io/csv/rows.h"
#include "text/number.h"

namespace losscalc::io {
namespace {

/// Rows of the beginning of the text that are looked at.
constexpr std::size_t sniffed_rows = 16;

/// What the first rows look like under a delimiter.
struct Trial {
  std::vector<std::size_t> counts;  ///< fields of each row; empty if the text is no such table
  double numeric_share = 0.0;       ///< of the fields

  bool splits() const { return !counts.empty() && counts.front() > 1; }
  /// The first row may lack the name of the column of row names that R writes.
  bool splits_all_alike() const {
    if (counts.size() < 2 && !splits()) return false;
    const auto alike = [this](std::size_t count) {
      return static_cast<std::size_t>(std::ranges::count(counts, count));
    };
    if (alike(counts.front()) == counts.size()) return splits();
    return counts.size() > 1 && counts[1] == counts[0] + 1 && alike(counts[1]) + 1 == counts.size();
  }
};

/// Decimal commas count as numbers where the comma is not the delimiter: the file means them so.
bool looks_numeric(std::string_view cell) {
  std::string with_point(cell);
  std::ranges::replace(with_point, ',', '.');
  return text::parse_number(with_point).has_value() || boolean_cell(cell);
}

template <class Visit>
void visit_first_rows(std::string_view text, char delimiter, Visit visit) {
  CsvRows rows(text, {.delimiter = delimiter}, "");
  try {
    for (std::size_t row = 0; row < sniffed_rows && rows.next(); ++row) visit(rows.fields());
  } catch (const Error&) {
    // What is malformed is reported when the table is read; up to there the rows tell the dialect.
  }
}

Trial try_delimiter(std::string_view text, char delimiter) {
  Trial trial;
  std::size_t fields = 0;
  std::size_t numeric = 0;
  visit_first_rows(text, delimiter, [&](const std::vector<CsvField>& row) {
    trial.counts.push_back(row.size());
    fields += row.size();
    numeric += static_cast<std::size_t>(std::ranges::count_if(
        row, [](const CsvField& field) { return looks_numeric(field.text); }));
  });
  if (fields > 0) trial.numeric_share = static_cast<double>(numeric) / static_cast<double>(fields);
  return trial;
}

char sniff_delimiter(std::string_view text, std::optional<char> decimal) {
  const auto possible = [decimal](char delimiter) { return decimal != delimiter; };
  char best = ',';
  double largest_share = -1.0;
  for (const char delimiter : std::array{'\t', ';', '|', ',', ' '}) {
    if (!possible(delimiter)) continue;
    const Trial trial = try_delimiter(text, delimiter);
    // Only R's write.table has a header of one cell above rows of two; elsewhere the second is part
    // of a cell.
    const bool by_blanks = delimiter == ' ' || delimiter == '\t';
    if (!trial.splits_all_alike() || (!trial.splits() && !by_blanks)) continue;
    if (trial.numeric_share <= largest_share) continue;
    best = delimiter;
    largest_share = trial.numeric_share;
  }
  if (largest_share >= 0.0) return best;
  // No delimiter splits every row alike: the one that splits the first row is meant, so that the
  // odd row is named.
  for (const char delimiter : std::array{'\t', ';', ',', '|'}) {
    if (possible(delimiter) && try_delimiter(text, delimiter).splits()) return delimiter;
  }
  return possible(',') ? ',' : ';';
}

/// Whether groups of three digits stand behind the comma, as behind one that divides thousands.
bool may_divide_thousands(std::string_view cell) { return cell.size() - cell.find(',') == 4; }

char sniff_decimal(std::string_view text, char delimiter) {
  if (delimiter == ',') return '.';
  bool has_comma = false;
  bool has_point = false;
  visit_first_rows(text, delimiter, [&](const std::vector<CsvField>& row) {
    for (const CsvField& field : row) {
      const bool comma = field.text.find(',') != std::string_view::npos;
      const CsvDialect by_comma{.delimiter = delimiter, .decimal = ','};
      if (comma && cell_number(field.text, by_comma) && !may_divide_thousands(field.text))
        has_comma = true;
      if (!comma && text::parse_number(field.text) &&
          field.text.find('.') != std::string_view::npos)
        has_point = true;
    }
  });
  return has_comma && !has_point ? ',' : '.';
}

}  // namespace

CsvDialect sniff_dialect(std::string_view text, std::optional<char> delimiter,
                         std::optional<char> decimal) {
  CsvDialect dialect;
  dialect.delimiter = delimiter ? *delimiter : sniff_delimiter(text, decimal);
  dialect.decimal = decimal ? *decimal : sniff_decimal(text, dialect.delimiter);
  return dialect;
}

}  // namespace losscalc::io
