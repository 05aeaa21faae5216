/// What stands in records and objects of JSON: parts of each record, keys of samples, classes by
/// name, and objects that are one array.
#include <doctest/doctest.h>

#include "io/json_of_all_blocks.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

constexpr std::string_view boxes =
    R"([{"image_id": 7, "bbox": [1, 2, 3, 4]}, {"image_id": 5, "bbox": [5, 6, 7, 8]}])";

std::string json_hint(std::string_view text, std::string_view fragment = "") {
  return hint_of([&] { read_json(bytes_of(text, "d.json"), fragment, false); });
}

Words notes_of(const Array& array) { return array.reading().notes; }

}  // namespace

TEST_CASE("JSON: a pointer into an array of records is that part of each") {
  for (const std::string_view fragment : {"/bbox", "/*/bbox"}) {
    const Array array = json(boxes, fragment);
    CHECK(array.shape() == Shape{2, 4});
    CHECK(values_of(array) == Numbers{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(to_string(array.place(6)) == "d.json#/1/bbox/2");
  }
  const std::string nested = R"({"images": [], "annotations": )" + std::string(boxes) + "}";
  CHECK(values_of(json(nested, "/annotations/bbox")) == Numbers{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(values_of(json(nested, "/annotations/*/bbox/3")) == Numbers{4, 8});
  CHECK(values_of(json(nested, "/annotations/1/bbox")) == Numbers{5, 6, 7, 8});
  CHECK(values_of(json("[[1,2],[3,4]]", "/*/0")) == Numbers{1, 3});
  CHECK(values_of(json(R"([{"a%b": 1}, {"a%b": 2}])", "/a%25b")) == Numbers{1, 2});
}

TEST_CASE("JSON: '*' leads into each line of JSON Lines, too") {
  CHECK(values_of(json("{\"a\": {\"b\": 1}}\n{\"a\": {\"b\": 2}}\n", "/*/a/b", true)) ==
        Numbers{1, 2});
}

TEST_CASE("JSON: a record that lacks the part of the others is an error that names it") {
  CHECK(json_error(R"([{"a": 1}, {"b": 2}])", "/a") ==
        "bad-fragment|d.json#/1: there is no key 'a' here");
  CHECK(json_error("[]", "/*/a") == "no-data|d.json: the array here has no elements");
  CHECK(json_error("[1,2]", "/a") ==
        "bad-fragment|d.json: expected the index of an array, found 'a'");
  CHECK(json_error(R"([{"a": [{"b": 1}]}])", "/a/b") ==
        "bad-fragment|d.json#/0/a: expected the index of an array, found 'b'");
}

TEST_CASE("JSON: the field that was asked for as id names the samples of records") {
  const std::string text = R"([{"id": 12, "pred": 0.5}, {"id": "b", "pred": 0.25}])";
  const auto records = container(text, "", false, "id");
  CHECK(records->names() == Words{"pred"});
  for (const Array& array : {records->array("pred"), json(text, "/pred", false, "id")}) {
    CHECK(values_of(array) == Numbers{0.5, 0.25});
    REQUIRE(array.keys());
    CHECK(array.keys()->words() == Words{"12", "b"});
    CHECK(to_string(array.keys()->place(1)) == "d.json#/1/id");
  }
  const std::string lines = "{\"id\": 3, \"pred\": 1}\n\n{\"id\": -4, \"pred\": 2}\n";
  const auto of_lines = container(lines, "", true, "id");
  CHECK(of_lines->names() == Words{"pred"});
  CHECK(of_lines->array("pred").keys()->words() == Words{"3", "-4"});
  CHECK(json(lines, "/pred", true, "id").keys()->words() == Words{"3", "-4"});
  CHECK(json(boxes, "/bbox", false, "image_id").keys()->words() == Words{"7", "5"});
  CHECK(json(text, "/pred").keys() == nullptr);
}

TEST_CASE("JSON: fields that are likely to name samples are told beside an array") {
  const auto likely = [](const Array& array) {
    std::vector<std::pair<std::string, Words>> found;
    for (const KeyColumn& key : array.reading().key_columns)
      found.emplace_back(key.name, key.words->words());
    return found;
  };
  using Found = std::vector<std::pair<std::string, Words>>;
  const std::string lines = "{\"id\": 3, \"pred\": 1}\n{\"id\": 4, \"pred\": 2}\n";
  for (const int size : block_sizes) {
    const auto read = [&](std::string_view text, std::string_view fragment, bool are_lines,
                          std::string_view id) {
      return read_json(bytes_of(text, "d.json"), fragment, are_lines, blocks_of(size), id);
    };
    CHECK(likely(read(boxes, "/bbox", false, "")) == Found{{"image_id", {"7", "5"}}});
    CHECK(likely(read(lines, "/pred", true, "")) == Found{{"id", {"3", "4"}}});
    CHECK(likely(read(lines, "/pred", true, "id")).empty());
    const Array odd = read(R"([{"id": 1, "p": 2}, {"id": null, "p": 3}])", "/p", false, "");
    CHECK(values_of(odd) == Numbers{2, 3});
    CHECK(error_of([&] { likely(odd); }).starts_with("unsupported-type|d.json#/1/id: a key "));
  }
  CHECK(likely(read_json(bytes_of(boxes, "d.json"), "/bbox", false)) ==
        Found{{"image_id", {"7", "5"}}});
  CHECK(likely(read_json(bytes_of(lines, "d.json"), "/pred", true)) == Found{{"id", {"3", "4"}}});
}

TEST_CASE("JSON: an array beside others names the samples of these") {
  const std::string text = R"({"id": [9007199254740991, 2], "pred": [0.5, 0.25]})";
  CHECK(container(text, "", false, "id")->names() == Words{"pred"});
  CHECK(container(text, "", false, "id")->array("pred").keys()->words() ==
        Words{"9007199254740991", "2"});
  CHECK(json(text, "/pred", false, "id").keys()->words() == Words{"9007199254740991", "2"});
  const std::string nested = R"({"out": {"id": ["a", "b"], "pred": [0.5, 0.25]}})";
  CHECK(json(nested, "/out/pred", false, "id").keys()->words() == Words{"a", "b"});
  CHECK(json(nested, "/out/pred", false, "other").keys() == nullptr);
}

TEST_CASE("JSON: keys of samples are texts or integers of 64 bits") {
  CHECK(json(R"([{"id": 18446744073709551615, "p": 1}])", "/p", false, "id").keys()->words() ==
        Words{"18446744073709551615"});
  for (const char* const key : {"1.0", "1.5", "true", "null", "[1]", "{}"}) {
    CAPTURE(key);
    const std::string text = std::string(R"([{"id": )") + key + R"(, "pred": 1}])";
    CHECK(json_error(text, "/pred", false, "id").starts_with("unsupported-type|d.json#/0/id: a "));
  }
  CHECK(json_error(R"([{"pred": 1}])", "/pred", false, "id") ==
        "missing-array|d.json#/0: this record has no key 'id'");
}

TEST_CASE("JSON: classes by name are columns in the order of the first record") {
  const std::string text =
      R"([{"pred": {"cat": 0.7, "dog": 0.3}}, {"pred": {"dog": 0.9, "cat": 0.1}}])";
  const std::string lines =
      "{\"pred\": {\"cat\": 0.7, \"dog\": 0.3}}\n{\"pred\": {\"dog\": 0.9, \"cat\": 0.1}}\n";
  for (const Array& array :
       {container(text)->array("pred"), json(text, "/pred"),
        container(lines, "", true)->array("pred"), json(lines, "/pred", true)}) {
    CHECK(array.shape() == Shape{2, 2});
    CHECK(values_of(array) == Numbers{0.7, 0.3, 0.1, 0.9});
    CHECK(array.column_names() == Words{"cat", "dog"});
    CHECK(notes_of(array) == Words{"the columns are the keys of the first record: cat, dog"});
  }
  CHECK(to_string(json(text, "/pred").place(3)) == "d.json#/1/pred/dog");
  CHECK(values_of(json(R"([{"a": 1, "b": 2}, {"b": 3, "a": 4}])", "/*")) == Numbers{1, 2, 4, 3});
  CHECK(values_of(container(R"({"pred": [{"a": 1, "b": 2}, {"b": 3, "a": 4}], "target": [0, 1]})")
                      ->array("pred")) == Numbers{1, 2, 4, 3});
}

TEST_CASE("JSON: a record with other classes than the first is an error that names the key") {
  const auto error_of_second = [](const std::string& second) {
    return json_error(R"([{"p": {"cat": 0.7, "dog": 0.3}}, {"p": )" + second + "}]", "/p");
  };
  const std::string expected =
      "expected an object with the keys of the first record (cat, dog), found ";
  CHECK(error_of_second(R"({"cat": 1, "cow": 0})") ==
        "ragged|d.json#/1/p: " + expected + "the key 'cow'");
  CHECK(error_of_second(R"({"cat": 1})") == "ragged|d.json#/1/p: " + expected + "no 'dog'");
  CHECK(error_of_second("[0.1, 0.9]") == "ragged|d.json#/1/p: " + expected + "another value");
  CHECK(error_of_second(R"({"cat": 1, "cat": 0})") ==
        "malformed-json|d.json#/1/p: the key 'cat' is given twice");
  CHECK(error_of_second(R"({"cat": 1, "dog": "x"})") ==
        "not-a-number|d.json#/1/p/dog: expected a number, found 'x'");
  CHECK(error_of_second("0.5").starts_with("ragged|d.json#/1/p: "));
}

TEST_CASE("JSON: objects of other things than probabilities are no rows") {
  for (const char* const object :
       {R"({"id": 1, "value": 0.5})", R"({"score": 0.5})", R"({"a": "x"})", "{}"}) {
    CAPTURE(object);
    CHECK(json_error(std::string(R"([{"p": )") + object + "}]", "/p") ==
          "not-a-number|d.json#/0/p: expected a number, found an object");
  }
  CHECK(json_error(R"([{"a": 1, "b": 2}])").starts_with("missing-array|"));
}

TEST_CASE("JSON: labels with scores are refused with what gives classes by name") {
  const std::string text = R"([[{"label": "A", "score": 0.9}, {"label": "B", "score": 0.1}]])";
  CHECK(error_of([&] { read_json(bytes_of(text, "d.json"), "", false); }) ==
        "not-a-number|d.json#/0/0: expected numbers, found an object of a label and its score");
  CHECK(json_hint(text).find("d['label']: d['score']") != std::string::npos);
}

TEST_CASE("JSON: the texts of printed arrays are refused with what gives numbers") {
  for (const char* const printed : {"[0.52 1.75]", "tensor(0.5)", "array([0.5, 1.0])"}) {
    CAPTURE(printed);
    CHECK(json_error(std::string(R"({"p": ")") + printed + "\"}", "/p") ==
          "not-a-number|d.json#/p: expected numbers, found the text of a printed array: '" +
              std::string(printed) + "'");
  }
  CHECK(json_hint(R"(["[0.5 1]"])") == "write its numbers: json.dumps({'pred': pred.tolist()})");
  CHECK(json(R"(["[cat]", "array"])").words() == Words{"[cat]", "array"});
}

TEST_CASE("JSON: an object whose keys name samples is an array with keys") {
  const Array array = json(R"({"img1": [0.7, 0.3], "img02.jpg": [0.1, 0.9]})");
  CHECK(array.shape() == Shape{2, 2});
  CHECK(values_of(array) == Numbers{0.7, 0.3, 0.1, 0.9});
  REQUIRE(array.keys());
  CHECK(array.keys()->words() == Words{"img1", "img02.jpg"});
  CHECK(to_string(array.place(3)) == "d.json#/img02.jpg/1");
  CHECK(notes_of(array) == Words{"the keys of the object name its samples"});
  CHECK(json(R"({"s2": 2, "s0": 0})").keys()->words() == Words{"s2", "s0"});
  CHECK(json(R"({"0": 2, "1": 0})").keys()->words() == Words{"0", "1"});
  CHECK(json(R"({"s2": "cat", "s0": "dog"})").words() == Words{"cat", "dog"});
  CHECK(json(R"({"397133": [1, 2], "37777": [3, 4]})").keys()->words() == Words{"397133", "37777"});
  CHECK(values_of(json(R"({"out": {"a1": 1, "a2": 2}})", "/out")) == Numbers{1, 2});
  const Array classes = json(R"({"s1": {"cat": 0.7, "dog": 0.3}, "s2": {"dog": 1, "cat": 0}})");
  CHECK(values_of(classes) == Numbers{0.7, 0.3, 0, 1});
  CHECK(classes.column_names() == Words{"cat", "dog"});
  const auto both = container(R"({"pred": {"s1": 1, "s2": 2}, "target": {"s2": 4, "s1": 3}})");
  CHECK(both->names() == Words{"pred", "target"});
  CHECK(both->array("target").keys()->words() == Words{"s2", "s1"});
}

TEST_CASE("JSON: objects whose keys may name arrays or classes are several arrays") {
  for (const std::string_view text : {
           R"({"pred": [1, 2], "target": [3, 4]})",
           R"({"x1": [1, 2], "x2": [3, 4]})",
           R"({"p0": [1, 2], "p1": [3, 4]})",
           R"({"logits1": [1, 2], "logits2": [3, 4]})",
           R"({"class_0": [1, 2], "class_1": [3, 4]})",
           R"({"box": [1, 2], "box_t": [3, 4]})",
           R"({"0": [1, 2], "1": [3, 4]})",
           R"({"1": [1, 2], "2": [3, 4]})",
           R"({"0": {"0": 1, "1": 2}, "1": {"0": 3, "1": 4}})",
           R"({"c1": {"s1": 1, "s2": 2}, "c2": {"s1": 3, "s2": 4}})",
           R"({"a1": {"s1": 1, "s2": 2}, "a2": {"s1": 3, "s2": 4}})",
       }) {
    CAPTURE(text);
    CHECK(json_error(text).starts_with("missing-array|d.json: expected one array, found "));
  }
}

TEST_CASE("JSON: samples of other shapes, or of one name, are errors that name them") {
  CHECK(json_error(R"({"s1": [1, 2], "s2": [3]})") ==
        "ragged|d.json#/s2: expected shape [2] as in the first record, found [1]");
  CHECK(json_error(R"({"s1": 1, "s2": 2, "s1": 3})") ==
        "malformed-json|d.json: the key 's1' is given twice");
}

TEST_CASE("JSON: an object with a single array is that array") {
  const Array array = json(R"({"model": "m", "predictions": [[0.7, 0.3]], "version": 1})");
  CHECK(array.shape() == Shape{1, 2});
  CHECK(notes_of(array) == Words{"the only array is at /predictions"});
  CHECK(to_string(array.place(1)) == "d.json#/predictions/0/1");
  CHECK(json_error(R"({"a": [1], "b": [2]})").starts_with("missing-array|d.json: "));
  CHECK(json_error(R"({"a": [1], "b": {"c": [2]}})").starts_with("missing-array|d.json: "));
  CHECK(json_error(R"({"a": [1], "b": [{"c": [2]}]})").starts_with("missing-array|d.json: "));
  CHECK(json_error(R"({"a": 1, "b": "x"})").starts_with("missing-array|d.json: "));
}

TEST_CASE("JSON: flat data of the Open Inference Protocol take the shape beside them") {
  const std::string tensor =
      R"({"name": "p", "shape": [2, 3], "datatype": "FP32", "data": [1, 2, 3, 4, 5, 6]})";
  const std::string response = R"({"model_name": "m", "outputs": [)" + tensor + "]}";
  for (const Array& array : {json(tensor), json(tensor, "/data"), json(response),
                             json(response, "/outputs/0"), json(response, "/outputs/0/data")}) {
    CHECK(array.shape() == Shape{2, 3});
    CHECK(values_of(array) == Numbers{1, 2, 3, 4, 5, 6});
    CHECK_FALSE(notes_of(array).empty());
  }
  CHECK(to_string(json(response).place(4)) == "d.json#/outputs/0/data/4");
  CHECK(json(R"({"shape": [1, 2], "datatype": "FP32", "data": [[1, 2]]})").shape() == Shape{1, 2});
  CHECK(json_error(R"({"shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3]})") ==
        "shape-mismatch|d.json: \"shape\" is [2,2], and \"data\" has shape [3]");
  CHECK(
      json_error(R"({"outputs": [)" + tensor + ", " + tensor + "]}").starts_with("missing-array|"));
}
