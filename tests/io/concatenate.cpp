#include "io/concatenate.h"

#include <doctest/doctest.h>

#include "io/csv/csv.h"
#include "io/from_text.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

Array csv(std::string_view text, const std::string& file) {
  return read_csv(bytes_of(text, file), "", {}, std::nullopt);
}

}  // namespace

TEST_CASE("files are concatenated along the first axis, and places are those of the files") {
  const Array joined = concatenated(
      {csv("1;2\n3;4\n", "a.csv"), csv("5;6\n", "b.csv"), csv("7;8\n9;10\n", "c.csv")});
  CHECK(joined.shape() == Shape{5, 2});
  CHECK(values_of(joined) == std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  std::vector<double> part(4);
  joined.read(3, part);
  CHECK(part == std::vector<double>{4, 5, 6, 7});
  CHECK(joined.place(5).file == "b.csv");
  CHECK(joined.place(5).line == 1);
  CHECK(joined.place(8).file == "c.csv");
  CHECK(joined.place(8).line == 2);
  CHECK(values_of(joined.columns(std::vector<std::size_t>{1})) ==
        std::vector<double>{2, 4, 6, 8, 10});
}

TEST_CASE("words are joined like numbers, and not with numbers") {
  CHECK(concatenated({csv("cat\ndog\ncat\n", "a.csv"), csv("dog\ndog\n", "b.csv")}).words() ==
        std::vector<std::string>{"cat", "dog", "cat", "dog", "dog"});
  CHECK(error_of([] {
          concatenated({csv("1\n", "a.csv"), csv("dog\ndog\n", "b.csv")});
        }) ==
        "shape-mismatch|b.csv: some of the files hold words and some numbers: a.csv and this one");
}

TEST_CASE("files whose other axes differ can't be joined") {
  CHECK(error_of([] {
          concatenated({csv("1;2\n", "a.csv"), csv("1;2;3\n", "b.csv")});
        }) ==
        "shape-mismatch|b.csv: files are concatenated along the first axis, so all others must "
        "agree: [1,2] in a.csv, here [1,3]");
}

TEST_CASE("columns of parts are matched by name with those of the first") {
  const Array joined = concatenated({csv("a,b\n1.5,2\n", "a.csv"), csv("b,a\n4,3.5\n", "b.csv")});
  CHECK(values_of(joined) == std::vector<double>{1.5, 2, 3.5, 4});
  CHECK(joined.place(2).column == 3);
  CHECK(error_of([] {
          concatenated({csv("a,b\n1.5,2\n", "a.csv"), csv("a,c\n4,3.5\n", "b.csv")});
        }) ==
        "shape-mismatch|b.csv: the columns of parts must have the same names, and there is no 'c' "
        "in a.csv");
}
