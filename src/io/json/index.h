/// Where the parts of a large JSON text stand, found from its strings, brackets and commas alone.
/// Nothing is vouched for but that brackets pair: the parts are for a parser to check.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

namespace losscalc::io {

/// Some children of an array or object that follow one another: text[begin, end) from the comma or
/// bracket before the first of them to the one after the last.
struct JsonRun {
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  std::size_t first = 0;  ///< the number of its first child
  std::size_t count = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t node = none;  ///< of a run of one child that is a node itself
};

/// An array or object at least a block long, text[begin, end) with its brackets.
struct JsonNode {
  bool is_object = false;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t count = 0;  ///< of children
  std::vector<JsonRun> runs = {};
};

struct JsonIndex {
  enum class Result { indexed, unpaired, too_deep };

  Result result = Result::indexed;
  std::vector<JsonNode> nodes = {};  ///< the root is the last; none if it is shorter than a block
};

/// Runs of small children are about `block` bytes long, or one child. Children of at least `block`
/// bytes are nodes.
JsonIndex index_json(std::string_view text, std::size_t block);

/// Whether there is nothing but white space.
bool is_blank(std::string_view text);

}  // namespace losscalc::io
