#include "io/csv/csv.h"

#include <doctest/doctest.h>

#include <cmath>

#include "io/from_text.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

Array csv(std::string_view text, std::string_view fragment = "", const Words& class_names = {}) {
  return read_csv(bytes_of(text, "d.csv"), fragment, {.class_names = class_names}, std::nullopt);
}

std::string csv_error(std::string_view text, std::string_view fragment = "") {
  return error_of([&] { csv(text, fragment); });
}

std::unique_ptr<Container> container(std::string_view text) {
  return open_csv(bytes_of(text, "d.csv"), {}, std::nullopt);
}

}  // namespace

TEST_CASE("CSV: comma, semicolon, tab, bar and runs of blanks delimit cells") {
  for (const char* text : {"1,2.0\n3,4\n", "1;2\n3;4\n", "1\t2\n3\t4\n", "1|2\n3|4\n",
                           "1 2\n3   4\n", " 1  2 \n3 4", "1, 2.0\r\n3 ,4\r\n",
                           "\xef\xbb\xbf"
                           "1,2e0\n3,4"}) {
    CAPTURE(text);
    const Array array = csv(text);
    CHECK(array.shape() == Shape{2, 2});
    CHECK(values_of(array) == Numbers{1, 2, 3, 4});
  }
}

TEST_CASE("CSV: a given delimiter overrides what the text looks like") {
  const auto bytes = bytes_of("a,b\tc\n1\t2\n", "d.tsv");
  CHECK(read_csv(bytes, "", {}, '\t').column_names() == Words{"a,b", "c"});
}

TEST_CASE("CSV: one column is [N], several are [N,K]") {
  CHECK(csv("1\n2\n3\n").shape() == Shape{3});
  CHECK(csv("1,2,3\n").shape() == Shape{1, 3});
  CHECK(csv("1,2\n3,4\n", "col=2").shape() == Shape{2});
  CHECK(values_of(csv("1,2\n3,4\n", "col=2")) == Numbers{2, 4});
}

TEST_CASE("CSV: a row of words over numbers is a header") {
  CHECK(csv("x,y\n1,2\n").column_names() == Words{"x", "y"});
  CHECK(csv("0,1,label\n0.2,0.8,1\n", "col=1-3").column_names() == Words{"0", "1", "label"});
  CHECK(csv("1.5,2\n3,4\n").column_names().empty());
}

TEST_CASE("CSV: a real number in the first row makes it data") {
  CHECK(csv("0.5,cat\n0.2,dog\n", "col=1").shape() == Shape{2});
  CHECK(csv("1e0,cat\n2,dog\n", "col=2").words() == Words{"cat", "dog"});
}

TEST_CASE("CSV: a number too large for a double is a mistake and no header") {
  CHECK(csv_error("1,1e999\n2,3\n") == "not-a-number|d.csv:1:3: expected a number, found '1e999'");
}

TEST_CASE("CSV: a word over words is a header if it does not come again") {
  CHECK(csv("label\ncat\ndog\n").words() == Words{"cat", "dog"});
  CHECK(csv("cat\ndog\ncat\n").words() == Words{"cat", "dog", "cat"});
}

TEST_CASE("CSV: names of classes tell a header from data") {
  CHECK(csv("cat\ndog\n", "", {"cat", "dog"}).words() == Words{"cat", "dog"});
  CHECK(csv("label\ncat\n", "", {"cat", "dog"}).words() == Words{"cat"});
}

TEST_CASE("CSV: a single row of words is a header without rows") {
  const Array array = csv("x,y\n");
  CHECK(array.shape() == Shape{0, 2});
  CHECK(array.column_names() == Words{"x", "y"});
}

TEST_CASE("CSV: comment lines before the first row and blank lines at the end are no rows") {
  CHECK(values_of(csv("# made by hand\n\n# today\n1.5,2\n3,4\n\n \n\n")) == Numbers{1.5, 2, 3, 4});
  CHECK(values_of(csv("1 2\n3 4\n \n\t\n")) == Numbers{1, 2, 3, 4});
}

TEST_CASE("CSV: quoted cells hold delimiters, line breaks and doubled quotes") {
  const Array array = csv("\"a,b\",\"c\nd\",\"e\"\"f\"\n1,\"2\",3\n");
  CHECK(array.column_names() == Words{"a,b", "c\nd", "e\"f"});
  CHECK(values_of(array) == Numbers{1, 2, 3});
}

TEST_CASE("CSV: nan and inf are numbers") {
  const Numbers values = values_of(csv("1.5,nan\n-inf,+2\nINF,NaN\n"));
  CHECK(std::isnan(values[1]));
  CHECK(values[2] == -HUGE_VAL);
  CHECK(values[3] == 2.0);
  CHECK(values[4] == HUGE_VAL);
}

TEST_CASE("CSV: errors name line, column and what stands there") {
  CHECK(csv_error("1,2\n3,\n") == "not-a-number|d.csv:2:3: expected a number, found an empty cell");
  CHECK(csv_error("x,y\n1,2\n3,abc\n") == "not-a-number|d.csv:3:3: expected a number, found 'abc'");
  CHECK(csv_error("1,2\n3,4,5\n") ==
        "malformed-csv|d.csv:2: expected 2 fields as in the first row, found 3");
  CHECK(csv_error("1,2\n3\n") ==
        "malformed-csv|d.csv:2: expected 2 fields as in the first row, found 1");
  CHECK(csv_error("1,2\n3,\"4\n5,6\n") ==
        "malformed-csv|d.csv:2:3: a quote is opened and never closed");
  CHECK(csv_error("1,2\n\"3\"x,4\n") ==
        "malformed-csv|d.csv:2: expected a delimiter after the closing quote");
  CHECK(csv_error("1,2\n\n3,4\n") == "malformed-csv|d.csv:2: blank line between rows");
  CHECK(csv_error("# only a comment\n") ==
        "no-data|d.csv: the file is empty but for comments, which begin with '#'");
  CHECK(csv_error("2,1\n1,1e999\n") == "not-a-number|d.csv:2:3: expected a number, found '1e999'");
}

TEST_CASE("CSV: columns of errors count characters, not bytes") {
  CHECK(csv_error("é,z\n1,2\n\"3\",é\n") == "not-a-number|d.csv:3:5: expected a number, found 'é'");
}

TEST_CASE("CSV: points and commas in one table are not both read as decimal") {
  CHECK(hint_of([] { csv("1.0;2\n0,5;3\n"); }) ==
        "#decimal=, behind the name of the file reads decimal commas; thousands separators are "
        "not read");
}

TEST_CASE("CSV: fragments select columns") {
  const char* const text = "id,p0,p1,p2\n9,1,2,3\n";
  CHECK(values_of(csv(text, "col=2")) == Numbers{1});
  CHECK(values_of(csv(text, "col=2-4")) == Numbers{1, 2, 3});
  CHECK(values_of(csv(text, "col=3-*")) == Numbers{2, 3});
  CHECK(values_of(csv(text, "col=*")) == Numbers{3});
  CHECK(values_of(csv(text, "col=p1,id")) == Numbers{2, 9});
  CHECK(values_of(csv(text, "col=p1;1")) == Numbers{2, 9});
  CHECK(values_of(csv(text, "col=p0-p2")) == Numbers{1, 2, 3});
  CHECK(values_of(csv(text, "col=p*")) == Numbers{1, 2, 3});
  CHECK(csv(text, "col=p*").column_names() == Words{"p0", "p1", "p2"});
  CHECK(values_of(csv("a b,c\n1,2\n", "col=a%20b")) == Numbers{1});
}

TEST_CASE("CSV: fragments select rows, the header counted among them") {
  CHECK(values_of(csv("x\n1\n2\n3\n", "col=x&row=2-3")) == Numbers{1, 2});
  CHECK(values_of(csv("1\n2\n3\n", "row=2-*")) == Numbers{2, 3});
  CHECK(values_of(csv("1\n2\n3\n", "row=1,3")) == Numbers{1, 3});
  CHECK(csv_error("1\n2\n", "row=2-1") == "bad-fragment|d.csv: cannot read the rows '2-1'");
}

TEST_CASE("CSV: fragments that select nothing are errors") {
  CHECK(csv_error("pred,target\n1,2\n", "col=prde") ==
        "bad-fragment|d.csv: there is no column 'prde'");
  CHECK(hint_of([] { csv("pred,target\n1,2\n", "col=prd"); }) ==
        "did you mean 'pred'? available: pred, target");
  CHECK(csv_error("1,2\n", "col=3") ==
        "bad-fragment|d.csv: there is no column '3': columns are numbered from 1 to 2");
  CHECK(csv_error("1,2\n", "col=0").find("there is no column '0'") != std::string::npos);
  CHECK(csv_error("1,2\n", "col=x") ==
        "bad-fragment|d.csv: there is no column 'x': the file has no header");
  CHECK(csv_error("1,2\n", "col=2-1") == "bad-fragment|d.csv: the range '2-1' runs backwards");
  CHECK(csv_error("a,b\n1,2\n", "col=x*") == "bad-fragment|d.csv: no column begins with 'x'");
  CHECK(csv_error("1,2\n", "cell=1") == "bad-fragment|d.csv: unknown fragment '#cell=1'");
  CHECK(csv_error("1,2\n", "col=1,").find("an empty name") != std::string::npos);
}

TEST_CASE("CSV: a container gathers the columns of an array by their names") {
  const auto numbered = container("pred0,pred1,target\n1,2,0\n3,4,1\n");
  CHECK(values_of(numbered->array("pred")) == Numbers{1, 2, 3, 4});
  CHECK(numbered->array("target").shape() == Shape{2});
  CHECK(values_of(numbered->array("pred1")) == Numbers{2, 4});
  const auto labelled = container("pred:cat,pred:dog,target\n1,2,cat\n3,4,dog\n");
  CHECK(labelled->array("pred").column_names() == Words{"pred:cat", "pred:dog"});
  CHECK(labelled->array("target").words() == Words{"cat", "dog"});
  CHECK(values_of(container("pred_0,pred_1\n1,2\n")->array("pred")) == Numbers{1, 2});
  CHECK(error_of([&] { numbered->array("weight"); }) ==
        "missing-array|d.csv: there is no column 'weight'");
  CHECK(error_of([] { container("1,2\n"); }) ==
        "missing-array|d.csv: the table has no header, so its columns have no names");
}

TEST_CASE("CSV: an element's place is its cell, behind comments and line breaks in quotes") {
  const Array array = csv("# note\nx,y,z\n1,2,\"a\nb\"\n3,4,c\n5,60,d\n", "col=1-2");
  CHECK(to_string(array.place(0)) == "d.csv:3:1");
  CHECK(to_string(array.place(2)) == "d.csv:5:1");
  CHECK(to_string(array.place(5)) == "d.csv:6:3");
  CHECK(to_string(array.place()) == "d.csv");
  CHECK(to_string(csv("x,y\n1,2\n3,4\n", "col=2").place(1)) == "d.csv:3:3");
}
