#include "io/json/json.h"

#include <doctest/doctest.h>

#include <cmath>

#include "io/from_text.h"
#include "io/json_of_all_blocks.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

std::string repeated(std::size_t count, const std::string& part) {
  std::string text;
  for (std::size_t k = 0; k < count; ++k) text += part;
  return text;
}

}  // namespace

TEST_CASE("JSON: nested arrays of any rank keep their shape and C order") {
  CHECK(json("2.5").shape().empty());
  CHECK(values_of(json("2.5")) == Numbers{2.5});
  CHECK(json("[1,2,3]").shape() == Shape{3});
  CHECK(json("[[1,2,3],[4,5,6]]").shape() == Shape{2, 3});
  const Array cube = json("[[[1],[2]],[[3],[4]],[[5],[6e0]]]\n");
  CHECK(cube.shape() == Shape{3, 2, 1});
  CHECK(values_of(cube) == Numbers{1, 2, 3, 4, 5, 6});
  CHECK(json("[]").shape() == Shape{0});
  CHECK(json("[[],[]]").shape() == Shape{2, 0});
}

TEST_CASE("JSON: booleans and the texts of non-finite numbers are numbers") {
  const Numbers values = values_of(json(R"([true, false, "NaN", "Infinity", "-Infinity"])"));
  CHECK(values[0] == 1.0);
  CHECK(values[1] == 0.0);
  CHECK(std::isnan(values[2]));
  CHECK(values[3] == HUGE_VAL);
  CHECK(values[4] == -HUGE_VAL);
}

TEST_CASE("JSON: integers beyond 53 bits go to the nearest double") {
  CHECK(values_of(json("[9223372036854775807, 18446744073709551615]")) ==
        Numbers{9223372036854775808.0, 18446744073709551616.0});
}

TEST_CASE("JSON: other texts are words") {
  CHECK(json(R"(["cat", "d\u00f6g"])").words() == Words{"cat", "dög"});
  CHECK(json_error(R"([1, "cat"])") == "not-a-number|d.json#/1: expected a number, found 'cat'");
  CHECK(json_error(R"(["cat", 1])") ==
        "not-a-number|d.json#/1: expected a text as before, found a number");
}

TEST_CASE("JSON: ragged arrays are errors that name the path") {
  CHECK(json_error("[[1,2],[3]]") ==
        "ragged|d.json#/1: ragged array: expected an array of 2 elements, found 1 element");
  CHECK(json_error("[[1,2],[3,4,5]]") ==
        "ragged|d.json#/1: ragged array: expected an array of 2 elements, found 3 elements");
  CHECK(json_error("[[1],2]") ==
        "ragged|d.json#/1: ragged array: expected an array of 1 element, found a single value");
  CHECK(json_error("[[[1],[2]],[[3],[[4]]]]") ==
        "ragged|d.json#/1/1/0: ragged array: expected a single value, found an array");
}

TEST_CASE("JSON: null and objects are no numbers") {
  CHECK(json_error("[[1],[null]]") == "not-a-number|d.json#/1/0: expected a number, found null");
  CHECK(json_error("[1,{}]") == "not-a-number|d.json#/1: expected a number, found an object");
}

TEST_CASE("JSON: an object holds arrays by name") {
  const auto object = container(R"({"pred": [[1,2]], "target": [0], "a/b~c": 3})");
  CHECK(object->names() == Words{"pred", "target", "a/b~c"});
  CHECK(object->array("pred").shape() == Shape{1, 2});
  CHECK(to_string(object->array("pred").place(1)) == "d.json#/pred/0/1");
  CHECK(to_string(object->array("a/b~c").place()) == "d.json#/a~1b~0c");
  CHECK(error_of([&] { object->array("prd"); }) == "missing-array|d.json: there is no key 'prd'");
  CHECK(hint_of([&] { object->array("prd"); }) ==
        "did you mean 'pred'? available: pred, target, a/b~c");
}

TEST_CASE("JSON: records are stacked") {
  const auto records = container(R"([{"pred": [1,2], "target": 0}, {"target": 1, "pred": [3,4]}])");
  CHECK(records->array("pred").shape() == Shape{2, 2});
  CHECK(values_of(records->array("pred")) == Numbers{1, 2, 3, 4});
  CHECK(records->array("target").shape() == Shape{2});
  CHECK(to_string(records->array("pred").place(3)) == "d.json#/1/pred/1");
}

TEST_CASE("JSON: records that differ are errors") {
  CHECK(error_of([] { container(R"([{"a": 1}, {"b": 1}])")->array("a"); }) ==
        "missing-array|d.json#/1: this record has no key 'a'");
  CHECK(error_of([] { container(R"([{"a": [1]}, {"a": [1,2]}])")->array("a"); }) ==
        "ragged|d.json#/1/a: expected shape [1] as in the first record, found [2]");
  CHECK(error_of([] { container(R"([{"a": 1}, 2])"); }) ==
        "malformed-json|d.json#/1: expected an object as in the first record, found another value");
}

TEST_CASE("JSON Lines: records, arrays and numbers are stacked line by line") {
  const auto records = container("{\"p\": [1,2]}\n\n{\"p\": [3,4]}\r\n", "", true);
  CHECK(values_of(records->array("p")) == Numbers{1, 2, 3, 4});
  CHECK(to_string(records->array("p").place(2)) == "d.json:3#/p/0");
  CHECK(json("[1,2]\n[3,4]\n", "", true).shape() == Shape{2, 2});
  CHECK(json("1\n2\n", "", true).shape() == Shape{2});
  CHECK(values_of(json("{\"p\": [1,2]}\n{\"p\": [3,4]}\n", "/p/1", true)) == Numbers{2, 4});
}

TEST_CASE("JSON Lines: errors name the line") {
  CHECK(json_error("[1]\n[2,]\n", "", true).starts_with("malformed-json|d.json:2:4"));
  CHECK(json_error("[1]\n[2,3]\n", "", true).find("d.json:2") != std::string::npos);
  CHECK(error_of([] { container("[1]\n[2]\n", "", true); }) ==
        "missing-array|d.json: the file holds one array without a name");
}

TEST_CASE("JSON: fragments are JSON Pointers") {
  const char* const text = R"({"a": [[1,2],[3,4]], "b/c": 5, "d~e": 6, "f g": 7, "": 8})";
  CHECK(values_of(json(text, "/a/1")) == Numbers{3, 4});
  CHECK(values_of(json(text, "/a/1/0")) == Numbers{3});
  CHECK(values_of(json(text, "/b~1c")) == Numbers{5});
  CHECK(values_of(json(text, "/d~0e")) == Numbers{6});
  CHECK(values_of(json(text, "/f%20g")) == Numbers{7});
  CHECK(values_of(json(text, "/")) == Numbers{8});
  CHECK(to_string(json(text, "/a/1").place(1)) == "d.json#/a/1/1");
  CHECK(container(R"({"out": {"pred": [1]}})", "/out")->names() == Words{"pred"});
}

TEST_CASE("JSON: pointers that lead nowhere are errors") {
  const char* const text = R"({"a": [1,2]})";
  CHECK(json_error(text, "a") == "bad-fragment|d.json: a JSON Pointer begins with '/', found '#a'");
  CHECK(hint_of([&] { json(text, "a"); }) == "type #/a");
  CHECK(json_error(text, "/b") == "bad-fragment|d.json: there is no key 'b' here");
  CHECK(json_error(text, "/a/2") == "bad-fragment|d.json#/a: the array here has no element 2");
  CHECK(json_error(text, "/a/01") ==
        "bad-fragment|d.json#/a: expected the index of an array, found '01'");
  CHECK(json_error(text, "/a/x").find("found 'x'") != std::string::npos);
  CHECK(json_error(text, "/a/99999999999999999999").starts_with("bad-fragment|"));
  CHECK(json_error(text, "/a/0/0") ==
        "bad-fragment|d.json#/a/0: there is nothing below a single value: '0'");
}

TEST_CASE("JSON: several arrays without a fragment are an error that lists them") {
  const char* const text = R"({"pred": [1], "target": [0]})";
  CHECK(json_error(text) == "missing-array|d.json: expected one array, found 2 names");
  CHECK(hint_of([&] { json(text); }).find("pred, target") != std::string::npos);
  CHECK(error_of([] { container("[1,2]"); }) ==
        "missing-array|d.json: the file holds one array without a name");
}

TEST_CASE("JSON: what is not well-formed is named by line and column") {
  CHECK(json_error("[[1,2],\n [3 4]]") ==
        "malformed-json|d.json:2:5: not well-formed JSON here, near '4'");
  CHECK(json_error("[1,2").starts_with("malformed-json|d.json:1"));
  CHECK(json_error("[1] [2]").starts_with("malformed-json|d.json:1"));
  CHECK(json_error("  \n") == "no-data|d.json: the file is empty");
  CHECK(hint_of([] { json("[1, NaN]"); }).starts_with("JSON has no NaN"));
  CHECK(hint_of([] { json("[-Infinity]"); }).starts_with("JSON has no NaN"));
}

TEST_CASE("JSON: a key that is given twice is an error") {
  CHECK(error_of([] { container(R"({"a": 1, "a": 2})"); }) ==
        "malformed-json|d.json: the key 'a' is given twice");
}

TEST_CASE("JSON: arrays have at most 32 dimensions") {
  CHECK(json(repeated(32, "[") + "1" + repeated(32, "]")).rank() == 32);
  CHECK(json_error(repeated(33, "[") + "1" + repeated(33, "]")) ==
        "malformed-json|d.json: arrays are nested deeper than 32 levels");
}

TEST_CASE("JSON: very deep nesting is an error and no crash") {
  CHECK(json_error(repeated(100000, "[")).starts_with("malformed-json|"));
  CHECK(json_error(repeated(100000, "[") + repeated(100000, "]")).starts_with("malformed-json|"));
  CHECK(json_error(repeated(100000, "{\"a\":") + "1" + repeated(100000, "}"))
            .starts_with("malformed-json|"));
}
