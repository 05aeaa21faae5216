/// JSON read whole and in blocks of every size, for the tests of JSON.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/from_text.h"
#include "io/json/json.h"

namespace losscalc::io {

using Numbers = std::vector<double>;
using Words = std::vector<std::string>;

/// Blocks so small that borders fall everywhere, and what is read without blocks.
inline constexpr std::array block_sizes{1, 2, 5, 16, 64, 1000};
inline constexpr JsonBlocks no_blocks{.from = 1000000};
inline JsonBlocks blocks_of(int size) {
  return {.from = 0, .size = static_cast<std::size_t>(size)};
}

inline Array read_all(const Array& array) {
  if (array.type() == ElementType::text) {
    static_cast<void>(array.words());
  } else {
    values_of(array);
  }
  if (array.keys()) static_cast<void>(array.keys()->words());
  return array;
}

inline void check_same(const Array& array, const Array& expected) {
  REQUIRE(array.shape() == expected.shape());
  REQUIRE(array.type() == expected.type());
  CHECK(to_string(array.place()) == to_string(expected.place()));
  CHECK(array.column_names() == expected.column_names());
  CHECK(array.reading().notes == expected.reading().notes);
  REQUIRE((array.keys() == nullptr) == (expected.keys() == nullptr));
  if (array.keys()) {
    CHECK(array.keys()->words() == expected.keys()->words());
    for (std::size_t k = 0; k < array.keys()->size(); ++k)
      CHECK(to_string(array.keys()->place(k)) == to_string(expected.keys()->place(k)));
  }
  if (array.type() == ElementType::text) {
    CHECK(array.words() == expected.words());
  } else {
    const Numbers values = values_of(array);
    const Numbers expected_values = values_of(expected);
    for (std::size_t k = 0; k < values.size(); ++k) {
      CHECK((values[k] == expected_values[k] || std::isnan(expected_values[k])));
      double one = 0;
      array.read(k, std::span(&one, 1));
      CHECK((one == values[k] || std::isnan(one)));
    }
  }
  for (std::size_t k = 0; k < array.size(); ++k)
    CHECK(to_string(array.place(k)) == to_string(expected.place(k)));
}

/// What `read` gives or throws must be the same for blocks of every size.
inline Array for_all_blocks(const std::function<Array(const JsonBlocks&)>& read) {
  std::optional<Array> expected;
  const std::string error = error_of([&] { expected = read(no_blocks); });
  for (const int size : block_sizes) {
    CAPTURE(size);
    if (expected) {
      check_same(read(blocks_of(size)), *expected);
    } else {
      CHECK(error_of([&] { read_all(read(blocks_of(size))); }) == error);
    }
  }
  return expected ? *expected : read(no_blocks);
}

inline Array json(std::string_view text, std::string_view fragment = "", bool lines = false,
                  std::string_view id = "") {
  return for_all_blocks([&](const JsonBlocks& blocks) {
    return read_json(bytes_of(text, "d.json"), fragment, lines, blocks, id);
  });
}

class ContainerOfAllBlocks final : public Container {
 public:
  ContainerOfAllBlocks(std::string_view text, std::string_view fragment, bool lines,
                       std::string_view id)
      : text_(text), fragment_(fragment), lines_(lines), id_(id) {
    names_ = open(no_blocks)->names();
    for (const int size : block_sizes) CHECK(open(blocks_of(size))->names() == names_);
  }
  std::vector<std::string> names() const override { return names_; }
  Array array(std::string_view name) const override {
    return for_all_blocks([&](const JsonBlocks& blocks) { return open(blocks)->array(name); });
  }

 private:
  std::unique_ptr<Container> open(const JsonBlocks& blocks) const {
    return open_json(bytes_of(text_, "d.json"), fragment_, lines_, blocks, id_);
  }

  std::string text_;
  std::string fragment_;
  bool lines_;
  std::string id_;
  Words names_;
};

inline std::unique_ptr<Container> container(std::string_view text, std::string_view fragment = "",
                                            bool lines = false, std::string_view id = "") {
  return std::make_unique<ContainerOfAllBlocks>(text, fragment, lines, id);
}

inline std::string json_error(std::string_view text, std::string_view fragment = "",
                              bool lines = false, std::string_view id = "") {
  return error_of([&] { json(text, fragment, lines, id); });
}

}  // namespace losscalc::io
