/// What of a table is a header, a key or data.
#include <doctest/doctest.h>

#include "io/csv/csv.h"
#include "io/from_text.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

Array table(std::string_view text, std::string_view fragment = "",
            const ReadOptions& options = {}) {
  return read_csv(bytes_of(text, "d.csv"), fragment, options, std::nullopt);
}

std::string table_error(std::string_view text, std::string_view fragment = "") {
  return error_of([&] { table(text, fragment); });
}

std::string left_out(const Array& array) {
  std::string text;
  for (const LeftOut& part : array.reading().left_out) text += part.what + ": " + part.why + "; ";
  return text;
}

/// The names of columns that may be keys, with '?' where that is not certain.
std::string keys_of(const Array& array) {
  std::string text;
  for (const KeyColumn& key : array.reading().key_columns)
    text += key.name + (key.certain ? " " : "? ");
  return text;
}

}  // namespace

TEST_CASE("a row that counts columns above decimal numbers is the header that pandas writes") {
  const Array logits = table("0,1,2\n2.0,-1.0,0.5\n0.3,1.7,-2.0\n");
  CHECK(logits.shape() == Shape{2, 3});
  CHECK(logits.column_names() == Words{"0", "1", "2"});
  CHECK(logits.reading().header_is_likely);
  CHECK(table("0\n0.52\n1.75\n").shape() == Shape{2});
  CHECK(table(",0,1\n0,0.5,1.5\n1,0.25,2.5\n2,0.1,0.2\n").shape() == Shape{3, 2});
}

TEST_CASE("a row that counts columns above integers or probabilities is left open") {
  for (const char* text :
       {"0\n2\n1\n", "0,1\n1,0\n", "0,1\n0.5,0.5\n", "1\n0.5\n", "1,2,3\n4,5,6\n"}) {
    CAPTURE(text);
    const Array array = table(text);
    CHECK(!array.reading().header_doubt.empty());
    CHECK(!array.reading().header_is_likely);
    CHECK(!array.reading().has_header);
  }
}

TEST_CASE("integers that do not count columns are data") {
  CHECK(table("2\n0\n1\n").reading().header_doubt.empty());
  CHECK(table("5,7\n0.5,1.5\n").shape() == Shape{2, 2});
}

TEST_CASE("--header and #header= answer the question") {
  CHECK(table("0\n2\n1\n", "", {.header = true}).shape() == Shape{2});
  CHECK(table("0\n2\n1\n", "", {.header = false}).reading().header_doubt.empty());
  CHECK(table("0\n2\n1\n", "header=yes").shape() == Shape{2});
  CHECK(table("0,1\n1,0\n", "header=no&col=2").shape() == Shape{2});
}

TEST_CASE("a miswritten or missing number is no header") {
  CHECK(table_error("1abc\n2\n") == "not-a-number|d.csv:1:1: expected a number, found '1abc'");
  CHECK(table_error("NA\n0.5\n") == "not-a-number|d.csv:1:1: expected a number, found 'NA'");
  CHECK(table("2m_temp,1st\n0.5,0.25\n", "header=yes").shape() == Shape{1, 2});
}

TEST_CASE("a header that holds numbers beside names must count with them") {
  CHECK(table("id,0,1,2\n7,0.5,0.25,0.25\n", "col=2-4").shape() == Shape{1, 3});
  CHECK(table("country,2001,2002\n1,0.5,0.25\n", "col=2-3").shape() == Shape{1, 2});
  CHECK(!table("a1,3\n22,4\n", "col=2").reading().header_doubt.empty());
}

TEST_CASE("a column without a name, of row names or of an index is left out") {
  const Array pandas = table(",pred\n0,0.5\n1,0.25\n");
  CHECK(values_of(pandas) == Numbers{0.5, 0.25});
  CHECK(left_out(pandas) == "column '1': it has no name, as an index is written; ");
  const Array saved_twice = table("Unnamed: 0,pred\n4,0.5\n1,0.25\n");
  CHECK(left_out(saved_twice) == "column 'Unnamed: 0': it is an index that was saved; ");
  CHECK(values_of(table("\"x\"\n\"1\" 0.5\n\"2\" 1.5\n")) == Numbers{0.5, 1.5});
  const Array written_by_r = table("\"x\" \"y\"\n\"1\" 0.5 0.25\n\"2\" 1.5 1.25\n");
  CHECK(written_by_r.column_names() == Words{"x", "y"});
  CHECK(left_out(written_by_r) == "column '1': it holds the names of the rows; ");
  CHECK(values_of(written_by_r) == Numbers{0.5, 0.25, 1.5, 1.25});
}

TEST_CASE("an id that counts the rows is left out, what may be a key asks") {
  CHECK(keys_of(table("id,pred\n1,0.5\n2,0.25\n3,0.75\n")) == "id ");
  CHECK(keys_of(table("SampleId,pred\n17,0.5\n4,0.25\n3,0.75\n")) == "SampleId? ");
  CHECK(keys_of(table("x,pred\n1,0.5\n2,0.25\n3,0.75\n")) == "x? ");
  CHECK(keys_of(table("1,0.5\n2,0.25\n3,0.75\n")) == "1? ");
  CHECK(keys_of(table("image,pred\na.png,0.5\nb.png,0.25\n")) == "image? ");
  CHECK(keys_of(table("valid,grid\n0.5,0.5\n0.25,0.25\n")).empty());
  CHECK(table("id\n7\n8\n9\n").shape() == Shape{3});
}

TEST_CASE("columns that are named in a fragment are read as they are") {
  CHECK(values_of(table("id,pred\n1,0.5\n2,0.25\n3,0.75\n", "col=1-2")) ==
        Numbers{1, 0.5, 2, 0.25, 3, 0.75});
  CHECK(keys_of(table("id,pred\n7,0.5\n2,0.25\n", "col=pred")) == "id? ");
}

TEST_CASE("--id takes a column out of the data and makes it the keys") {
  const Array array = table("pred,case\n0.5,b\n0.25,a\n", "", {.id = "case"});
  CHECK(values_of(array) == Numbers{0.5, 0.25});
  REQUIRE(array.keys() != nullptr);
  CHECK(array.keys()->words() == Words{"b", "a"});
  CHECK(error_of([] { table("pred\n0.5\n", "", {.id = "case"}); }) ==
        "missing-array|d.csv: there is no column 'case' to pair by");
}

TEST_CASE("a label among probabilities, a doubled name and a nameless column are refused by name") {
  CHECK(table_error("predict,p0,p1\n0,0.9,0.1\n1,0.2,0.8\n") ==
        "malformed-csv|d.csv:1: column 'predict' stands among 2 other columns, and its name is "
        "that of an "
        "input by itself");
  CHECK(table_error("a,a\n1.5,2\n") == "malformed-csv|d.csv:1: two columns are named 'a'");
  CHECK(table_error("a,,b\n1.5,2,3\n") ==
        "malformed-csv|d.csv:1: column 2 has no name, and is not empty");
  CHECK(table_error("a,a,b\n1.5,2,3\n", "col=a") ==
        "bad-fragment|d.csv: two columns are named 'a'");
}

TEST_CASE("empty columns and rows at the end are left out") {
  CHECK(values_of(table("a,b,\n1.5,2,\n3,4,\n")) == Numbers{1.5, 2, 3, 4});
  CHECK(values_of(table("1.5,2,\n3,4,\n")) == Numbers{1.5, 2, 3, 4});
  const Array excel = table("a;b\n1.5;2\n3;4\n;\n;\n");
  CHECK(excel.shape() == Shape{2, 2});
  CHECK(excel.reading().notes == Words{"2 empty rows at the end left out"});
  CHECK(table_error("a,b\n1.5,2\n,\n3,4\n").starts_with("not-a-number|d.csv:3"));
}

TEST_CASE("numbered columns stand in the order of their numbers") {
  const Array array = table("p0,p1,p10,p2,p3,p4,p5,p6,p7,p8,p9\n0,1,10,2,3,4,5,6,7,8,9\n");
  CHECK(values_of(array) == Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  const char* const text = "id,p0,p1,p10,p2,p3,p4,p5,p6,p7,p8,p9\n7,0,1,10,2,3,4,5,6,7,8,9\n";
  CHECK(values_of(table(text, "col=p*")) == values_of(array));
  CHECK(values_of(table(text, "col=p0-p10")) == values_of(array));
  CHECK(table_error("p0,p1,pred\n1,2,3\n", "col=p*") ==
        "bad-fragment|d.csv: 'p*' names numbered columns and 'pred', too");
}

TEST_CASE("a number that is the name of one column and the position of another is refused") {
  const char* const text = "id,0,1,2\n7,1.5,2.5,3.5\n";
  CHECK(table_error(text, "col=2")
            .find("is both a name, of column 4, and the number of column "
                  "'0'") != std::string::npos);
  CHECK(values_of(table(text, "col='2'")) == Numbers{3.5});
  CHECK(values_of(table(text, "col=0-2")) == Numbers{1.5, 2.5, 3.5});
  CHECK(values_of(table(text, "col=2-4")) == Numbers{1.5, 2.5, 3.5});
}

TEST_CASE("decimal commas are read behind semicolons and tabs, and asked for where commas divide") {
  CHECK(values_of(table("a;b\n0,5;1,25\n2;3\n")) == Numbers{0.5, 1.25, 2, 3});
  CHECK(values_of(table("0,5\t1,25\n2,5\t3\n")) == Numbers{0.5, 1.25, 2.5, 3});
  CHECK(table_error("0,52\n1,75\n") ==
        "malformed-csv|d.csv:1: '0,52' may be two integers, or one number with a decimal comma");
  CHECK(table_error("pred\n0,52\n1,75\n").find("may be two integers") != std::string::npos);
  CHECK(values_of(table("0,52\n1,75\n", "", {.decimal = ','})) == Numbers{0.52, 1.75});
  CHECK(values_of(table("0,52\n1,75\n", "col=1-2")) == Numbers{0, 52, 1, 75});
  CHECK(values_of(table("1,0\n0,1\n0,1\n")) == Numbers{1, 0, 0, 1, 0, 1});
}

TEST_CASE("thousands separators are refused") {
  CHECK(table_error("a;b\n1;2\n1.234,5;2\n").find("'1.234,5'") != std::string::npos);
  CHECK(table_error("0.5;5\n2,345;6\n").find("'2,345'") != std::string::npos);
  CHECK(table_error("a,b\n0.5,\"1,234.5\"\n").find("'1,234.5'") != std::string::npos);
}

TEST_CASE("Excel's line sep=; names the delimiter, and old line ends are line ends") {
  CHECK(values_of(table("sep=;\na;b\n0.5;2\n")) == Numbers{0.5, 2});
  CHECK(values_of(table("\"sep=|\"\n0.5|2\n")) == Numbers{0.5, 2});
  CHECK(to_string(table("sep=;\n0.5;2\n").place(1)) == "d.csv:2:5");
  CHECK(values_of(table("a\r0.5\r0.25\r")) == Numbers{0.5, 0.25});
}

TEST_CASE("a line that begins with # is a comment before the first row alone") {
  CHECK(table_error("tag,pred\n#a,0.5\nb,0.25\n", "col=pred") == "no error");
  CHECK(table("tag,pred\n#a,0.5\nb,0.25\n", "col=pred").shape() == Shape{2});
  CHECK(table_error("#a,0.5\nb,0.25\n") ==
        "malformed-csv|d.csv:1: the line begins with '#', as a comment does, and has as many cells "
        "as a "
        "row");
  CHECK(table("# made by hand\n1.5,2\n").column_names().empty());
  CHECK(table("# a, b\n1.5,2\n").column_names() == Words{"a", "b"});
  CHECK(keys_of(table("#id,score\n17,.1\n11,.6\n")) == "id? ");
}

TEST_CASE("true and false are 1 and 0 in columns of nothing else") {
  CHECK(values_of(table("y\nTrue\nFalse\nTrue\n")) == Numbers{1, 0, 1});
  CHECK(values_of(table("TRUE\nFALSE\nTRUE\n")) == Numbers{1, 0, 1});
  CHECK(table_error("y\ntrue\n0.5\n") == "not-a-number|d.csv:3:1: expected a number, found '0.5'");
  CHECK(table("y\nTrue\nFalse\n", "", {.class_names = {"False", "True"}}).words() ==
        Words{"True", "False"});
}

TEST_CASE("a column that does not belong among others is refused by name") {
  for (const char* text :
       {"fold,cat,dog\n0,.7,.3\n0,.1,.9\n", "class_0,class_1,confidence\n2,.5,.9\n.2,1.5,.8\n",
        "p0,p1,p2,store\n.5,.25,.25,1\n",
        "cat,dog,emu,hour\n.7,.2,.1,7\n.1,.6,.3,9\n.2,.3,.5,4\n"}) {
    CAPTURE(text);
    CHECK(table_error(text).find("stands among") != std::string::npos);
    CHECK(table_error(text, "col=1-*") == "no error");
  }
  CHECK(table_error("cat,dog,emu\n.7,.2,.1\n0,1,0\n") == "no error");
}

TEST_CASE("an index beside integers is no decimal comma") {
  CHECK(values_of(table(",label\n0,3\n1,1\n2,4\n")) == Numbers{3, 1, 4});
}

TEST_CASE("integers above fractions alone may be names of columns") {
  CHECK(!table("2019,2020\n1.5,2.5\n2.5,3.5\n").reading().header_doubt.empty());
  CHECK(table("2019,2020\n1.5,2\n2.5,3.5\n").reading().header_doubt.empty());
}

TEST_CASE("numbers with fractions are no names of rows") {
  CHECK(table_error("Model output,run\n2.5,0.5,-1\n0.25,1.5,0.125\n").find("expected 2 fields") !=
        std::string::npos);
}

TEST_CASE("columns are in numerical order wherever in their names the number stands") {
  CHECK(values_of(table("class2_p,class0_p,class1_p\n.1,.7,.2\n")) == Numbers{.7, .2, .1});
}
