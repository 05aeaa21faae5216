/// Tables read block by block give what reading row by row gives, wherever blocks end.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "io/csv/elements.h"
#include "io/csv/index.h"
#include "io/csv/line.h"
#include "io/from_text.h"
#include "text/number.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

/// Every row of the text, by its number, with its line and first field.
struct SeenRow {
  std::size_t line;
  std::string first_field;
  bool operator==(const SeenRow&) const = default;
};

std::vector<SeenRow> rows_by_reading(std::string_view text, CsvDialect dialect = {','}) {
  std::vector<SeenRow> seen;
  CsvRows rows(text, dialect, "d.csv");
  while (rows.next()) seen.push_back({rows.line(), std::string(rows.fields().front().text)});
  return seen;
}

std::vector<SeenRow> rows_by_blocks(std::string_view text, std::size_t block_bytes,
                                    CsvDialect dialect = {','}) {
  std::vector<SeenRow> seen;
  for (const CsvBlock& block : index_rows(text, dialect, "d.csv", block_bytes)) {
    CHECK(block.first_row == seen.size() + 1);
    CsvRows rows(text.substr(block.begin, block.end - block.begin), dialect, "d.csv",
                 block.first_line);
    std::size_t count = 0;
    for (; rows.next(); ++count)
      seen.push_back({rows.line(), std::string(rows.fields().front().text)});
    CHECK(block.rows == count);
  }
  return seen;
}

/// Texts of what matters to rows and quotes, in all sorts of orders.
class OddTexts {
 public:
  std::string next() {
    std::string text;
    const std::size_t length = 1 + draw(24);
    while (text.size() < length) text += pieces_[draw(pieces_.size())];
    return text;
  }

 private:
  std::size_t draw(std::size_t below) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33U) % below;
  }

  std::vector<std::string> pieces_{"a",    "1",  "2.5",  "\"",     "\"",    ",",
                                   ",",    "\n", "\n",   "\r",     " ",     "\t",
                                   "\r\n", "#",  "\"\"", "\"\n\"", "\"1\"", ",\""};
  std::uint64_t state_ = 7;
};

CsvElements elements(std::string_view text, std::size_t block_bytes, std::size_t width,
                     std::vector<std::size_t> columns, std::vector<RowRange> ranges,
                     bool are_words = false) {
  return {CsvText{.file = "d.csv",
                  .text = text,
                  .owner = nullptr,
                  .dialect = {','},
                  .width = width,
                  .first_width = width,
                  .blocks = index_rows(text, {','}, "d.csv", block_bytes)},
          std::move(columns), std::move(ranges), are_words};
}

}  // namespace

TEST_CASE("CSV blocks: rows and lines are those of the whole text, for blocks of any size") {
  for (const std::string text : {
           "1,2\n3,4\n5,6\n",
           "1,2\r\n3,4\r\n5,6",
           "\n\na,b\n#x,y\n1,2\n\n\n",
           "a,b\n\"1\n1\",2\n3,\"4,\n\"\"5\"\n6,7\n",
           "#1\n2",
           "x\n",
       }) {
    CAPTURE(text);
    for (const std::size_t block_bytes : {1U, 2U, 3U, 5U, 8U, 13U, 1000U}) {
      CAPTURE(block_bytes);
      CHECK(rows_by_blocks(text, block_bytes) == rows_by_reading(text));
    }
  }
}

TEST_CASE("CSV blocks: quotes and line ends in any order give the rows, or the error, of reading") {
  OddTexts texts;
  for (int i = 0; i < 2000; ++i) {
    const std::string text = texts.next();
    const CsvDialect dialect{", \t"[i % 3]};
    CAPTURE(text);
    CAPTURE(dialect.delimiter);
    const std::string expected_error = error_of([&] { rows_by_reading(text, dialect); });
    for (const std::size_t block_bytes : {1U, 3U, 8U}) {
      CAPTURE(block_bytes);
      REQUIRE(error_of([&] { index_rows(text, dialect, "d.csv", block_bytes); }) == expected_error);
      if (expected_error != "no error") continue;
      REQUIRE(rows_by_blocks(text, block_bytes, dialect) == rows_by_reading(text, dialect));
    }
  }
}

TEST_CASE("CSV lines: what is taken from a line is what CsvRows finds there") {
  OddTexts texts;
  std::size_t taken = 0;
  for (int i = 0; i < 6000; ++i) {
    std::string line = texts.next();
    line.erase(std::min(line.find('\n'), line.size()));
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const CsvDialect dialect{", \t"[i % 3]};
    CAPTURE(line);
    CAPTURE(dialect.delimiter);
    for (const std::size_t width : {1U, 2U, 3U}) {
      CAPTURE(width);
      const std::size_t column = width / 2;
      const CsvLine reader(dialect, width, {column});
      const bool has_quotes = line.find('"') != std::string::npos;
      std::string word;
      double number = 0.0;
      const bool is_word = reader.read(line, has_quotes, &word);
      const bool is_number = reader.read(line, has_quotes, &number);
      CHECK((is_word || !is_number));
      if (!is_word) continue;
      ++taken;
      const std::string whole = line + "\r\n";
      CsvRows rows(whole, dialect, "d.csv");
      REQUIRE(rows.next());
      REQUIRE(rows.fields().size() == width);
      REQUIRE(rows.fields()[column].text == word);
      const auto expected = text::parse_number(word);
      REQUIRE(is_number == expected.has_value());
      if (is_number) REQUIRE(number == *expected);
    }
  }
  CHECK(taken > 500);
}

TEST_CASE("CSV blocks: rows in quotes that are longer than blocks") {
  std::string text = "x,y\n";
  for (int row = 0; row < 12; ++row) {
    text += "\"" + std::string(static_cast<std::size_t>(row) * 3, '\n') + "\"," +
            std::to_string(row) + "\r\n";
  }
  for (const std::size_t block_bytes : {1U, 4U, 16U, 40U}) {
    CAPTURE(block_bytes);
    CHECK(rows_by_blocks(text, block_bytes) == rows_by_reading(text));
    const CsvElements cells =
        elements(text, block_bytes, 2, {1}, {{.first = 2, .count = 12, .before = 0}});
    std::vector<double> found(12);
    cells.read(0, found);
    for (std::size_t row = 0; row < 12; ++row) CHECK(found[row] == static_cast<double>(row));
    CHECK(cells.place(11, 0).line == rows_by_reading(text).back().line);
  }
}

TEST_CASE("CSV blocks: one plain row that is longer than blocks, and no line feed at the end") {
  std::string text = "1";
  for (int column = 2; column <= 50; ++column) text += "," + std::to_string(column);
  const CsvElements cells =
      elements(text, 16, 50, {49, 0}, {{.first = 1, .count = 1, .before = 0}});
  std::vector<double> found(2);
  cells.read(0, found);
  CHECK(found == std::vector<double>{50, 1});
}

TEST_CASE("CSV blocks: a blank line between rows is found wherever blocks end") {
  for (const std::string text : {"1\n\n2\n", "1\n2\n  \n\n3\n", "1\n\n\n\n2\n"}) {
    CAPTURE(text);
    for (const std::size_t block_bytes : {1U, 2U, 4U, 1000U}) {
      const std::string error = error_of([&] { index_rows(text, {','}, "d.csv", block_bytes); });
      CHECK(error.find("blank line between rows") != std::string::npos);
    }
  }
}

TEST_CASE("CSV blocks: chosen cells of chosen rows, from any position") {
  std::string text = "a,b,c\n";
  for (int row = 0; row < 50; ++row) {
    const std::string n = std::to_string(row);
    text += n + ".5, " + n + " ," + (row % 7 == 0 ? "+" : "") + n + "e1\n";
  }
  for (const std::size_t block_bytes : {1U, 30U, 200U, 10000U}) {
    CAPTURE(block_bytes);
    const CsvElements cells = elements(
        text, block_bytes, 3, {2, 0},
        {{.first = 2, .count = 20, .before = 0}, {.first = 31, .count = 10, .before = 20}});
    for (std::size_t first = 0; first < 60; first += 7) {
      std::vector<double> found(60 - first);
      cells.read(first, found);
      for (std::size_t i = 0; i < found.size(); ++i) {
        const std::size_t row = (first + i) / 2;
        const double n = static_cast<double>(row < 20 ? row : row + 9);
        CHECK(found[i] == ((first + i) % 2 == 0 ? 10 * n : n + 0.5));
      }
    }
  }
}

TEST_CASE("CSV blocks: words over many blocks") {
  const std::string text = "cat,1\ndog,2\n\"co\"\"w\",3\ncat,4\n";
  const CsvElements cells =
      elements(text, 4, 2, {0}, {{.first = 1, .count = 4, .before = 0}}, true);
  std::vector<std::string> words(3);
  cells.read_words(1, words);
  CHECK(words == std::vector<std::string>{"dog", "co\"w", "cat"});
}

TEST_CASE("CSV blocks: what is wrong in a late block is said with its line and column") {
  std::string text;
  for (int row = 1; row <= 100; ++row) text += row == 90 ? "1,zwei\n" : "1,2\n";
  const CsvElements cells =
      elements(text, 20, 2, {0, 1}, {{.first = 1, .count = 100, .before = 0}});
  std::vector<double> found(200);
  cells.read(0, std::span(found).first(100));
  CHECK(error_of([&] { cells.read(0, found); }) ==
        "not-a-number|d.csv:90:3: expected a number, found 'zwei'");
  const Place place = cells.place(95, 1);
  CHECK(place.line == 96);
  CHECK(place.column == 3);
  text += "1,2,3\n";
  const CsvElements wider = elements(text, 20, 2, {0}, {{.first = 1, .count = 101, .before = 0}});
  CHECK(error_of([&] { wider.read(100, std::span(found).first(1)); }) ==
        "malformed-csv|d.csv:101: expected 2 fields as in the first row, found 3");
}
