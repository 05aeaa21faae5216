/// Nested JSON arrays -> one array, with the path of each element.
#pragma once

#include <simdjson.h>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
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

/// How the elements of an array are meant.
enum class JsonElements : std::uint8_t {
  values,   ///< numbers or words
  columns,  ///< these, or objects of numbers, whose keys name the columns of the last axis
  keys,     ///< texts and integers that name samples, as words
};

/// What all parts of an array have in common: the shape of each record (of the whole array where
/// there are no records), whether the elements are words, and the names of columns.
struct JsonLayout {
  Shape shape = {};
  bool are_words = false;
  JsonElements elements = JsonElements::values;
  std::vector<std::string> columns = {};
};

/// Where something stands; asked only for messages.
using PlaceOf = std::function<JsonPlace()>;

/// Whether an object holds numbers only, under keys none of which is known to name something else
/// than a class: then it is a row, and its keys are columns.
bool is_row_of_columns(JsonElement element);

/// The keys of such a row, in their order.
std::vector<std::string> keys_of_row(JsonElement element);

/// The values of an object in the order of `columns`. Throws Error: ragged, which names the keys,
/// if it has others or is no object; malformed_json for a key that stands twice.
std::vector<JsonElement> in_order(JsonElement element, const std::vector<std::string>& columns,
                                  const PlaceOf& place);

/// A text or an integer as the name of a sample. Throws Error(unsupported_type) for others.
std::string key_of_sample(JsonElement element, const PlaceOf& place);

/// Whether a text is an array as Python prints it: "[0.5 1.75]", "tensor(0.5)", "array([0.5, 1])".
bool is_printed_array(std::string_view text);
[[noreturn]] void throw_printed_array(std::string_view text, const JsonPlace& place);

/// What is wrong with an object or array where a number is expected.
[[noreturn]] void throw_no_number(JsonElement element, const JsonPlace& place);

/// Gives an array the names of its columns, and a note of their order.
void name_columns(Array& array, const JsonLayout& layout);

/// The place of an element below the place of its record.
JsonPlace place_below(JsonPlace place, std::span<const std::size_t> index,
                      const JsonLayout& layout);

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

  explicit JsonFlattener(RootOf root_of, JsonElements elements = JsonElements::values)
      : root_of_(std::move(root_of)),
        layout_{.are_words = elements == JsonElements::keys, .elements = elements} {}

  /// Goes on at `record` of an array whose layout is known.
  JsonFlattener(RootOf root_of, JsonLayout layout, std::size_t record)
      : root_of_(std::move(root_of)),
        layout_(std::move(layout)),
        records_(record),
        layout_known_(true) {}

  /// Adds a record, which must have the shape of the first. Throws Error: ragged, not_a_number,
  /// malformed_json for arrays nested too deep, unsupported_type for what can't be a key.
  void add(JsonElement element) {
    Shape shape;
    const JsonElement leaf = measure(element, shape);
    if (is_first() && layout_.elements == JsonElements::columns && is_row_of_columns(leaf))
      layout_.columns = keys_of_row(leaf);
    if (!layout_.columns.empty() && leaf.type() == JsonType::OBJECT)
      shape.push_back(layout_.columns.size());
    if (!is_first() && shape != layout_.shape) {
      throw Error(ErrorCode::ragged,
                  "expected shape " + to_string(layout_.shape) + " as in the first record, found " +
                      to_string(shape),
                  root_of_(records_).place());
    }
    layout_.shape = std::move(shape);
    if (layout_.elements == JsonElements::keys && element.type() == JsonType::ARRAY)
      key_of_sample(element, [this] { return root_of_(records_); });
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
    const std::string expected = axis < shape().size()
                                     ? "an array of " + text::counted(shape()[axis], "element")
                                     : "a single value";
    throw Error(ErrorCode::ragged, "ragged array: expected " + expected + ", found " + found,
                at(index).place());
  }

  [[noreturn]] void throw_object(const std::vector<std::size_t>& index) const {
    throw Error(ErrorCode::not_a_number, "expected a number, found an object", at(index).place());
  }

  /// The lengths along the first element of each level; flatten() holds the others to them. Returns
  /// the first that is no array, or an empty array.
  JsonElement measure(JsonElement element, Shape& shape) const {
    while (element.type() == JsonType::ARRAY) {
      const JsonArray items = as<JsonArray>(element);
      if (shape.size() == max_dimensions) throw_too_deep();
      // simdjson's own count saturates, and a length must be right for arrays of any size.
      std::size_t length = 0;
      for ([[maybe_unused]] const JsonElement item : items) ++length;
      shape.push_back(length);
      if (length == 0) return element;
      element = *items.begin();
    }
    return element;
  }

  [[noreturn]] void throw_too_deep() const {
    throw Error(ErrorCode::malformed_json, "arrays are nested deeper than 32 levels",
                root_of_(records_).place());
  }

  const Shape& shape() const { return layout_.shape; }
  const JsonLayout& layout() const { return layout_; }
  JsonValues take() { return {std::move(values_), std::move(words_)}; }

  /// What was added, under the shape of all records together.
  Array array(Shape shape, const Locator& locator) {
    if (layout_.are_words) return {std::move(words_), std::move(shape), locator};
    Array array(std::move(values_), std::move(shape), locator);
    name_columns(array, layout_);
    return array;
  }

  static constexpr std::size_t max_dimensions = 32;

 private:
  bool is_first() const { return !layout_known_ && records_ == 0; }

  JsonPlace at(const std::vector<std::size_t>& index) const {
    return place_below(root_of_(records_), index, layout_);
  }

  void flatten(JsonElement element, std::size_t axis, std::vector<std::size_t>& index) {
    if (axis + 1 == shape().size() && !layout_.columns.empty()) return add_row(element, index);
    if (element.type() != JsonType::ARRAY) {
      if (axis != shape().size()) throw_ragged(index, "a single value", axis);
      add_leaf(element, index);
      return;
    }
    if (axis == shape().size()) throw_ragged(index, "an array", axis);
    std::size_t length = 0;
    index.push_back(0);
    for (const JsonElement item : as<JsonArray>(element)) {
      index.back() = length++;
      if (length <= shape()[axis]) flatten(item, axis + 1, index);
    }
    index.pop_back();
    if (length != shape()[axis]) throw_ragged(index, text::counted(length, "element"), axis);
  }

  void add_row(JsonElement element, std::vector<std::size_t>& index) {
    const std::vector<JsonElement> row =
        in_order(element, layout_.columns, [&] { return at(index); });
    index.push_back(0);
    for (const JsonElement item : row) {
      add_leaf(item, index);
      ++index.back();
    }
    index.pop_back();
  }

  void add_leaf(JsonElement element, const std::vector<std::size_t>& index) {
    if (layout_.elements == JsonElements::keys) {
      words_.push_back(key_of_sample(element, [&] { return at(index); }));
      return;
    }
    switch (element.type()) {
      case JsonType::DOUBLE:
      case JsonType::INT64:
      case JsonType::UINT64: add_number(as<double>(element), index); return;
      case JsonType::BOOL: add_number(as<bool>(element) ? 1.0 : 0.0, index); return;
      case JsonType::STRING: add_text(as<std::string_view>(element), index); return;
      case JsonType::NULL_VALUE:
        throw Error(ErrorCode::not_a_number, "expected a number, found null", at(index).place(),
                    "write \"NaN\" where a value is missing");
      default: throw_no_number(element, at(index));
    }
  }

  void add_number(double value, const std::vector<std::size_t>& index) {
    if (layout_.are_words)
      throw Error(ErrorCode::not_a_number, "expected a text as before, found a number",
                  at(index).place());
    values_.push_back(value);
  }

  void add_text(std::string_view text, const std::vector<std::size_t>& index) {
    if (!layout_.are_words) {
      if (text == "NaN") return values_.push_back(quiet_nan);
      if (text == "Infinity") return values_.push_back(infinity);
      if (text == "-Infinity") return values_.push_back(-infinity);
    }
    if (is_printed_array(text)) throw_printed_array(text, at(index));
    if (!layout_.are_words) {
      if (layout_known_ || !values_.empty()) {
        throw Error(ErrorCode::not_a_number, "expected a number, found " + text::quoted(text),
                    at(index).place());
      }
      layout_.are_words = true;
    }
    words_.emplace_back(text);
  }

  RootOf root_of_;
  JsonLayout layout_;
  std::size_t records_ = 0;
  bool layout_known_ = false;
  std::vector<double> values_;
  std::vector<std::string> words_;
};

}  // namespace losscalc::io
