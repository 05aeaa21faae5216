/// Nested JSON arrays -> one array, with the path of each element.
#pragma once

#include <simdjson.h>

#include <cassert>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/array.h"
#include "io/pointer.h"
#include "numeric/limits.h"
#include "text/phrases.h"

namespace losscalc::io {

using JsonElement = simdjson::dom::element;
using JsonType = simdjson::dom::element_type;
using JsonArray = simdjson::dom::array;
using JsonObject = simdjson::dom::object;

/// The value of an element whose type was looked at before.
template <class Value>
Value as(JsonElement element) {
  Value value{};
  [[maybe_unused]] const simdjson::error_code error = element.get(value);
  assert(error == simdjson::SUCCESS);
  return value;
}

/// A place in a document: the line of a record (0 for a whole document) and a JSON Pointer.
struct JsonPlace {
  std::string file;
  std::size_t line = 0;
  std::string pointer;

  JsonPlace at(std::string_view key) const {
    return {file, line, pointer + "/" + pointer_part(key)};
  }
  JsonPlace at(std::size_t index) const { return at(std::to_string(index)); }
  Place place() const { return {.file = file, .line = line, .path = pointer}; }
};

/// What all parts of an array have in common: the shape of each record (of the whole array where
/// there are no records), and whether the elements are words.
struct JsonLayout {
  Shape shape;
  bool are_words = false;
};

/// Elements in C order: numbers, or words.
struct JsonValues {
  std::vector<double> numbers = {};
  std::vector<std::string> words = {};
};

/// Collects nested arrays into one, in C order.
class JsonFlattener {
 public:
  /// Where record 0, 1, ... of the array stands; asked only for messages.
  using RootOf = std::function<JsonPlace(std::size_t record)>;

  explicit JsonFlattener(RootOf root_of) : root_of_(std::move(root_of)) {}

  /// Goes on at `record` of an array whose layout is known.
  JsonFlattener(RootOf root_of, JsonLayout layout, std::size_t record)
      : root_of_(std::move(root_of)),
        shape_(std::move(layout.shape)),
        records_(record),
        layout_known_(true),
        are_words_(layout.are_words) {}

  /// Adds a record, which must have the shape of the first. Throws Error: ragged, not_a_number,
  /// malformed_json for arrays nested too deep.
  void add(JsonElement element) {
    Shape shape;
    measure(element, shape);
    if ((layout_known_ || records_ > 0) && shape != shape_) {
      throw Error(ErrorCode::ragged,
                  "expected shape " + to_string(shape_) + " as in the first record, found " +
                      to_string(shape),
                  root_of_(records_).place());
    }
    shape_ = std::move(shape);
    std::vector<std::size_t> index;
    flatten(element, 0, index);
    ++records_;
  }

  /// Adds some elements of the array at `index`, from its element `first` on.
  void add_items(JsonArray items, std::vector<std::size_t> index, std::size_t first) {
    const std::size_t axis = index.size() + 1;
    index.push_back(first);
    for (const JsonElement item : items) {
      flatten(item, axis, index);
      ++index.back();
    }
  }

  [[noreturn]] void throw_ragged(const std::vector<std::size_t>& index, const std::string& found,
                                 std::size_t axis) const {
    const std::string expected = axis < shape_.size()
                                     ? "an array of " + text::counted(shape_[axis], "element")
                                     : "a single value";
    throw Error(ErrorCode::ragged, "ragged array: expected " + expected + ", found " + found,
                at(index).place());
  }

  [[noreturn]] void throw_object(const std::vector<std::size_t>& index) const {
    throw Error(ErrorCode::not_a_number, "expected a number, found an object", at(index).place());
  }

  /// The lengths along the first element of each level; flatten() holds the others to them.
  void measure(JsonElement element, Shape& shape) const {
    while (element.type() == JsonType::ARRAY) {
      const JsonArray items = as<JsonArray>(element);
      if (shape.size() == max_dimensions) throw_too_deep();
      // simdjson's own count saturates, and a length must be right for arrays of any size.
      std::size_t length = 0;
      for ([[maybe_unused]] const JsonElement item : items) ++length;
      shape.push_back(length);
      if (length == 0) return;
      element = *items.begin();
    }
  }

  [[noreturn]] void throw_too_deep() const {
    throw Error(ErrorCode::malformed_json, "arrays are nested deeper than 32 levels",
                root_of_(records_).place());
  }

  const Shape& shape() const { return shape_; }
  JsonLayout layout() const { return {shape_, are_words_}; }
  JsonValues take() { return {std::move(values_), std::move(words_)}; }

  Array array(Shape shape, const Locator& locator) {
    if (are_words_) return {std::move(words_), std::move(shape), locator};
    return {std::move(values_), std::move(shape), locator};
  }

  static constexpr std::size_t max_dimensions = 32;

 private:
  JsonPlace at(const std::vector<std::size_t>& index) const {
    JsonPlace place = root_of_(records_);
    for (const std::size_t position : index) place = place.at(position);
    return place;
  }

  void flatten(JsonElement element, std::size_t axis, std::vector<std::size_t>& index) {
    if (element.type() != JsonType::ARRAY) {
      if (axis != shape_.size()) throw_ragged(index, "a single value", axis);
      add_leaf(element, index);
      return;
    }
    if (axis == shape_.size()) throw_ragged(index, "an array", axis);
    std::size_t length = 0;
    index.push_back(0);
    for (const JsonElement item : as<JsonArray>(element)) {
      index.back() = length++;
      if (length <= shape_[axis]) flatten(item, axis + 1, index);
    }
    index.pop_back();
    if (length != shape_[axis]) throw_ragged(index, text::counted(length, "element"), axis);
  }

  void add_leaf(JsonElement element, const std::vector<std::size_t>& index) {
    switch (element.type()) {
      case JsonType::DOUBLE:
      case JsonType::INT64:
      case JsonType::UINT64: add_number(as<double>(element), index); return;
      case JsonType::BOOL: add_number(as<bool>(element) ? 1.0 : 0.0, index); return;
      case JsonType::STRING: add_text(as<std::string_view>(element), index); return;
      case JsonType::NULL_VALUE:
        throw Error(ErrorCode::not_a_number, "expected a number, found null", at(index).place(),
                    "write \"NaN\" where a value is missing");
      default: throw_object(index);
    }
  }

  void add_number(double value, const std::vector<std::size_t>& index) {
    if (are_words_)
      throw Error(ErrorCode::not_a_number, "expected a text as before, found a number",
                  at(index).place());
    values_.push_back(value);
  }

  void add_text(std::string_view text, const std::vector<std::size_t>& index) {
    if (!are_words_) {
      if (text == "NaN") return values_.push_back(quiet_nan);
      if (text == "Infinity") return values_.push_back(infinity);
      if (text == "-Infinity") return values_.push_back(-infinity);
      if (layout_known_ || !values_.empty()) {
        throw Error(ErrorCode::not_a_number, "expected a number, found " + text::quoted(text),
                    at(index).place());
      }
      are_words_ = true;
    }
    words_.emplace_back(text);
  }

  RootOf root_of_;
  Shape shape_;
  std::size_t records_ = 0;
  bool layout_known_ = false;
  bool are_words_ = false;
  std::vector<double> values_;
  std::vector<std::string> words_;
};

}  // namespace losscalc::io
