/// A JSON document that is parsed piece by piece, as its parts are asked for.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/bytes.h"
#include "io/json/flattener.h"
#include "io/json/index.h"

namespace losscalc::io {

/// Parses one text after another in the same memory; each takes the place of the one before.
class JsonScratch {
 public:
  /// The text between two brackets of a kind, or alone between blanks.
  simdjson::simdjson_result<JsonElement> parse(char before, std::string_view text, char after);

 private:
  std::vector<char> padded_;
  simdjson::dom::parser parser_;
  simdjson::dom::document document_;
};

/// Of the calling thread. What it parsed lasts until the thread parses again.
JsonScratch& thread_scratch();

class LargeJson {
 public:
  /// Null if the document is not an array or object of at least a block. Throws Error
  /// (malformed_json).
  static std::shared_ptr<const LargeJson> open(const Bytes& bytes, std::size_t block);

  LargeJson(Bytes bytes, std::string_view text, std::vector<JsonNode> nodes);

  const std::string& file() const { return bytes_.file; }
  const JsonNode& node(std::size_t number) const { return nodes_[number]; }
  std::size_t root() const { return nodes_.size() - 1; }

  /// The children of a run: a whole array or object that holds nothing else.
  JsonElement parse(const JsonNode& parent, const JsonRun& run, JsonScratch& scratch) const;

  /// The key of the object's child that is a node itself.
  std::string key_of_node(const JsonRun& run) const;

  /// Checks that nothing but white space stands around the array's child that is a node itself.
  void check_around_node(const JsonRun& run) const;

  /// Names the place where the document stops being well-formed.
  [[noreturn]] void fail(simdjson::error_code error) const;

 private:
  std::string_view text(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }

  Bytes bytes_;
  std::string_view text_;
  std::vector<JsonNode> nodes_;
};

}  // namespace losscalc::io
