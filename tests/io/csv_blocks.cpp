/// Tables read block by block give what reading row by row gives, wherever blocks end.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "io/csv_elements.h"
#include "io/csv_index.h"
#include "io/from_text.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

/// Every row of the text, by its number, with its line and first field.
struct SeenRow {
  std::size_t line;
  std::string first_field;
  bool operator==(const SeenRow&) const = default;
};

std::vector<SeenRow> rows_by_reading(std::string_view text) {
  std::vector<SeenRow> seen;
  CsvRows rows(text, {','}, "d.csv");
  while (rows.next()) seen.push_back({rows.line(), std::string(rows.fields().front().text)});
  return seen;
}

std::vector<SeenRow> rows_by_blocks(std::string_view text, std::size_t block_bytes) {
  std::vector<SeenRow> seen;
  for (const CsvBlock& block : index_rows(text, {','}, "d.csv", block_bytes)) {
    CHECK(block.first_row == seen.size() + 1);
    CsvRows rows(text.substr(block.begin, block.end - block.begin), {','}, "d.csv",
                 block.first_line);
    std::size_t count = 0;
    for (; rows.next(); ++count)
      seen.push_back({rows.line(), std::string(rows.fields().front().text)});
    CHECK(block.rows == count);
  }
  return seen;
}

CsvElements elements(std::string_view text, std::size_t block_bytes, std::size_t width,
                     std::vector<std::size_t> columns, std::vector<RowRange> ranges,
                     bool are_words = false) {
  return {CsvText{.file = "d.csv",
                  .text = text,
                  .owner = nullptr,
                  .dialect = {','},
                  .width = width,
                  .blocks = index_rows(text, {','}, "d.csv", block_bytes)},
          std::move(columns), std::move(ranges), are_words};
}

}  // namespace

TEST_CASE("CSV blocks: rows and lines are those of the whole text, for blocks of any size") {
  for (const std::string text : {
           "1,2\n3,4\n5,6\n",
           "1,2\r\n3,4\r\n5,6",
           "\n\n# comment\na,b\n# between\n1,2\n\n\n",
           "a,b\n\"1\n1\",2\n3,\"4,\n\"\"5\"\n6,7\n",
           "# only\n1,2",
           "x\n",
       }) {
    CAPTURE(text);
    for (const std::size_t block_bytes : {1U, 2U, 3U, 5U, 8U, 13U, 1000U}) {
      CAPTURE(block_bytes);
      CHECK(rows_by_blocks(text, block_bytes) == rows_by_reading(text));
    }
  }
}

TEST_CASE("CSV blocks: a blank line between rows is found wherever blocks end") {
  for (const std::string text : {"1\n\n2\n", "1\n2\n  \n# c\n3\n", "1\n\n\n\n2\n"}) {
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
