/// Large JSON texts, read block by block; tests/io/json.cpp holds both ways of reading against each
/// other.
#include <doctest/doctest.h>

#include <random>
#include <thread>

#include "io/from_text.h"
#include "io/json/index.h"
#include "io/json/json.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

JsonBlocks blocks_of(std::size_t size) { return {.from = 0, .size = size}; }

/// What is thrown when the text is read to its end in blocks of 16 bytes.
std::string error_in_blocks(std::string_view text, bool lines = false) {
  return error_of([&] {
    const Array array = read_json(bytes_of(text, "d.json"), "", lines, blocks_of(16));
    if (array.type() == ElementType::text) {
      static_cast<void>(array.words());
    } else {
      values_of(array);
    }
  });
}

std::string rows(std::size_t count, const std::string& row) {
  std::string text = "[";
  for (std::size_t k = 0; k < count; ++k) text += (k == 0 ? "" : ",") + row;
  return text + "]";
}

}  // namespace

TEST_CASE("JSON in blocks: borders fall beside brackets, commas and quotes inside strings") {
  const char* const text = R"(["],[", "a\"],[", "\\", "{,\\\"", "\\\\\"]", "plain", "\\\\"])";
  const Words expected{"],[", "a\"],[", "\\", "{,\\\"", "\\\\\"]", "plain", "\\\\"};
  for (std::size_t blanks = 0; blanks < 70; ++blanks) {
    for (const std::size_t size : {1U, 4U, 20U}) {
      const std::string shifted = std::string(blanks, ' ') + text;
      CHECK(read_json(bytes_of(shifted, "d.json"), "", false, blocks_of(size)).words() == expected);
    }
  }
}

TEST_CASE("JSON in blocks: backslashes run over the scanner's chunks") {
  for (std::size_t count = 0; count < 140; ++count) {
    const std::string text = "[\"" + std::string(2 * count, '\\') + "\", \"],\", \"b\"]";
    const Array array = read_json(bytes_of(text, "d.json"), "", false, blocks_of(1));
    CHECK(array.words() == Words{std::string(count, '\\'), "],", "b"});
  }
}

TEST_CASE("JSON in blocks: arrays of rank 3 and 4 with children larger than a block") {
  const std::string cube = rows(5, rows(4, "[1,2.5,-3]"));
  const std::string text = rows(3, cube);
  for (const std::size_t size : {1U, 8U, 30U, 100U, 400U}) {
    const Array array = read_json(bytes_of(text, "d.json"), "", false, blocks_of(size));
    CHECK(array.shape() == Shape{3, 5, 4, 3});
    const Numbers values = values_of(array);
    for (std::size_t k = 0; k < values.size(); ++k) CHECK(values[k] == Numbers{1, 2.5, -3}[k % 3]);
    CHECK(to_string(array.place(179)) == "d.json#/2/4/3/2");
    CHECK(read_json(bytes_of(text, "d.json"), "/2/1/3", false, blocks_of(size)).shape() ==
          Shape{3});
  }
}

TEST_CASE("JSON in blocks: an array of one giant element, and an empty one") {
  const Array one =
      read_json(bytes_of(rows(1, rows(1000, "7")), "d.json"), "", false, blocks_of(9));
  CHECK(one.shape() == Shape{1, 1000});
  CHECK(values_of(one) == Numbers(1000, 7.0));
  const std::string blank = "[" + std::string(100, ' ') + "]";
  CHECK(read_json(bytes_of(blank, "d.json"), "", false, blocks_of(9)).shape() == Shape{0});
  CHECK(read_json(bytes_of(rows(50, "[]"), "d.json"), "", false, blocks_of(9)).shape() ==
        Shape{50, 0});
}

TEST_CASE("JSON in blocks: a ragged row is named wherever it stands") {
  std::string text = rows(100, "[1,2]");
  text.replace(text.size() - 18, 5, "[123]");
  CHECK(error_in_blocks(text) ==
        "ragged|d.json#/97: ragged array: expected an array of 2 elements, found 1 element");
  CHECK(error_in_blocks("[[1,2,3,4,5,6,7,8,9,10],[1,2,3,4,5,6,7,8,9,10,11]]") ==
        "ragged|d.json#/1: ragged array: expected an array of 10 elements, found 11 elements");
  CHECK(error_in_blocks("[[],[],[],[],[],[],[],[],[1],[]]") ==
        "ragged|d.json#/8: ragged array: expected an array of 0 elements, found 1 element");
}

TEST_CASE("JSON in blocks: lengths that can't be are ragged and no overflow") {
  const std::string long_row = rows(300, "0");
  CHECK(error_in_blocks("[[" + long_row + ",0],0," + rows(300, "0") + "]").starts_with("ragged|"));
}

TEST_CASE("JSON in blocks: mistakes between blocks are named by line and column") {
  for (const std::string wrong : {"[1,2,,3]", "[1,2,3,]", "[,1,2,3]", "[1 2,3]", "[1,2,3],",
                                  "[1,2,3}", "[1,2,3]]", "[1,2,\"3]", "[[1] [2],3]", "x[1,2]",
                                  "[1,2,3] 4", "[1,2\\,3]", "[[1]5,[2]]", "[5[1],[2]]"}) {
    for (std::size_t size = 1; size < 12; ++size) {
      CAPTURE(wrong);
      CAPTURE(size);
      CHECK(error_of([&] {
              values_of(read_json(bytes_of("\n" + wrong, "d.json"), "", false, blocks_of(size)));
            }).starts_with("malformed-json|d.json:2:"));
    }
  }
}

TEST_CASE("JSON in blocks: mistakes around an object's large members are found") {
  for (const std::string wrong :
       {R"({"a": [1,2,3] 5, "b": 1})", R"({"a": 1[1,2,3], "b": 1})", R"({[1,2,3], "b": 1})",
        R"({"a" [1,2,3], "b": 1})", R"({"a": [1,2,3],, "b": 1})", R"({"a": [1,2,3], "b": nul})"}) {
    CAPTURE(wrong);
    CHECK(error_of([&] {
            open_json(bytes_of(wrong, "d.json"), "", false, blocks_of(6))->array("a");
          }).starts_with("malformed-json|d.json:1:"));
  }
}

TEST_CASE("JSON in blocks: words and numbers do not mix over blocks") {
  CHECK(error_in_blocks("[" + std::string(40, ' ') + "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, \"cat\"]") ==
        "not-a-number|d.json#/10: expected a number, found 'cat'");
  CHECK(error_in_blocks(R"(["cat", "dog", "cat", "dog", "NaN", 1])") ==
        "not-a-number|d.json#/5: expected a text as before, found a number");
}

TEST_CASE("JSON in blocks: columns of lines are shared, and each has its own mistakes") {
  std::string text;
  for (int k = 0; k < 50; ++k) {
    text += R"({"a": )" + std::to_string(k) + R"(, "b": [1,2], "c": )" +
            (k == 40 ? "null" : "\"x\"") + "}\n\n";
  }
  const auto records = open_json(bytes_of(text, "d.json"), "", true, blocks_of(100));
  const Array a = records->array("a");
  CHECK(values_of(a)[49] == 49.0);
  const Array b = records->array("b");
  CHECK(b.shape() == Shape{50, 2});
  CHECK(values_of(b) == values_of(read_json(bytes_of(rows(50, "[1,2]"), "d"), "", false)));
  CHECK(error_of([&] { static_cast<void>(records->array("c").words()); }) ==
        "not-a-number|d.json:81#/c: expected a number, found null");
  CHECK(values_of(a)[49] == 49.0);
  CHECK(to_string(b.place(99)) == "d.json:99#/b/1");
}

TEST_CASE("JSON in blocks: a mistake in a late line is named by its line") {
  std::string text;
  for (int k = 0; k < 50; ++k) text += k == 44 ? "\n[1,2 3]\n" : "[1,2]\n";
  CHECK(error_in_blocks(text, true) ==
        "malformed-json|d.json:46:6: not well-formed JSON here, near '3'");
}

TEST_CASE("JSON in blocks: several threads read at a time") {
  std::string text = "[0";
  for (int k = 1; k < 20000; ++k) text += "," + std::to_string(k);
  const Array array = read_json(bytes_of(text + "]", "d.json"), "", false, blocks_of(200));
  std::array<double, 4> sums{};
  {
    std::vector<std::jthread> threads;
    threads.reserve(sums.size());
    for (double& sum : sums) {
      threads.emplace_back([&array, &sum] {
        for (const double value : values_of(array)) sum += value;
      });
    }
  }
  for (const double sum : sums) CHECK(sum == 199990000.0);
}

TEST_CASE("JSON in blocks: texts with random mistakes are judged as without blocks") {
  std::mt19937 random(3);
  const std::string alphabet = "[]{},:\"\\ \n01.-enul";
  for (int round = 0; round < 20000; ++round) {
    std::string text =
        round % 2 == 0 ? "[[1,2],[3,4], [5,6],[7,8]]" : R"([["a","b\"],["c\\","d"], ["[,]","f"]])";
    const bool lines = round % 5 == 0;
    if (lines) text = "[1,2]\n[3,4]\n\n[5,6]\n[7,8]\n";
    for (std::size_t k = 0; k < 1 + random() % 3; ++k) {
      const std::size_t at = random() % text.size();
      if (random() % 2 == 0) {
        text[at] = alphabet[random() % alphabet.size()];
      } else {
        text.erase(at, 1);
      }
    }
    const auto outcome = [&](const JsonBlocks& blocks) {
      std::string found;
      const std::string error = error_of([&] {
        const Array array = read_json(bytes_of(text, "d.json"), "", lines, blocks);
        found = to_string(array.shape());
        if (array.type() == ElementType::text) {
          for (const std::string& word : array.words()) found += word + "|";
        } else {
          for (const double value : values_of(array)) found += std::to_string(value) + "|";
        }
      });
      return error == "no error" ? found : error;
    };
    const std::string in_blocks = outcome(blocks_of(1 + random() % 12));
    const std::string whole = outcome({});
    CAPTURE(text);
    CAPTURE(whole);
    // Of several mistakes, blocks may tell another; of syntax they tell the same.
    const bool both_wrong = in_blocks.find("|d.json") != std::string::npos &&
                            whole.find("|d.json") != std::string::npos;
    if (!both_wrong || in_blocks.starts_with("malformed-json|")) CHECK(in_blocks == whole);
  }
}

TEST_CASE("JSON in blocks: an index tells of each child once") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const std::size_t count = 1 + random() % 60;
    std::string text = "[";
    for (std::size_t k = 0; k < count; ++k) {
      text += (k == 0 ? "" : ",") + std::string(random() % 3, ' ');
      text += random() % 4 == 0 ? rows(random() % 20, "[1]") : std::to_string(random());
    }
    text += "]";
    const JsonIndex index = index_json(text, 1 + random() % 40);
    REQUIRE(index.result == JsonIndex::Result::indexed);
    if (index.nodes.empty()) continue;
    const JsonNode& root = index.nodes.back();
    CHECK(root.count == count);
    std::size_t next = 0;
    std::size_t end = root.begin;
    for (const JsonRun& run : root.runs) {
      CHECK(run.first == next);
      CHECK(run.begin == end + 1);
      next += run.count;
      end = run.end;
    }
    CHECK(next == count);
    CHECK(end + 1 == root.end);
  }
}
