#include "report/table.h"

#include <doctest/doctest.h>

using namespace losscalc::report;

TEST_CASE("columns of numbers are aligned to the right, of words to the left") {
  CHECK(aligned(table_of({"name", "loss"}, {{"mse", "0.5"}, {"cross-entropy", "12.25"}})) ==
        "name            loss\n"
        "mse              0.5\n"
        "cross-entropy  12.25\n");
}

TEST_CASE("non-finite numbers and missing cells leave a column numeric") {
  CHECK(aligned(table_of({"k", "loss"}, {{"1", "NaN"}, {"10", "-Infinity"}, {"2", ""}})) ==
        " k       loss\n"
        " 1        NaN\n"
        "10  -Infinity\n"
        " 2\n");
}

TEST_CASE("lines have no blanks at their ends") {
  CHECK(aligned(table_of({"a", "b"}, {{"x", "long word"}, {"y", "z"}})) ==
        "a  b\n"
        "x  long word\n"
        "y  z\n");
}

TEST_CASE("a table without rows is its header") {
  CHECK(aligned(table_of({"a", "b"}, {})) == "a  b\n");
  CHECK(csv(table_of({"a", "b"}, {})) == "a,b\n");
}

TEST_CASE("characters of several bytes take one column") {
  CHECK(aligned(table_of({"class", "n"}, {{"é", "1"}, {"dog", "2"}})) ==
        "class  n\n"
        "é      1\n"
        "dog    2\n");
}

TEST_CASE("CSV quotes only cells with commas, quotes and line breaks") {
  CHECK(csv(table_of({"a", "b c"}, {{"1,5", "say \"hi\""}, {"two\nlines", ""}, {"\r", "plain"}})) ==
        "a,b c\n"
        "\"1,5\",\"say \"\"hi\"\"\"\n"
        "\"two\nlines\",\n"
        "\"\r\",plain\n");
}
