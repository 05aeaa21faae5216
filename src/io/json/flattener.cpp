#include "io/json/flattener.h"

#include <algorithm>
#include <array>
#include <optional>

namespace losscalc::io {
namespace {

/// Keys of records that name something else than a class: an object that has one of them is no row
/// of probabilities.
constexpr std::array<std::string_view, 24> no_classes{
    "id",    "ids",    "index",      "idx",         "key",   "name", "image_id",  "sample_id",
    "label", "score",  "confidence", "category_id", "x",     "y",    "w",         "h",
    "pred",  "target", "loss",       "weight",      "epoch", "step", "timestamp", "time"};

bool is_number(JsonElement element) {
  switch (element.type()) {
    case JsonType::DOUBLE:
    case JsonType::INT64:
    case JsonType::UINT64: return true;
    case JsonType::STRING: {
      const auto text = as<std::string_view>(element);
      return text == "NaN" || text == "Infinity" || text == "-Infinity";
    }
    default: return false;
  }
}

bool has_key(JsonElement object, std::string_view key) {
  for (const auto& field : as<JsonObject>(object)) {
    if (field.key == key) return true;
  }
  return false;
}

[[noreturn]] void throw_other_keys(const std::string& found,
                                   const std::vector<std::string>& columns, const PlaceOf& place) {
  throw Error(ErrorCode::ragged,
              "expected an object with the keys of the first record (" + text::listed(columns) +
                  "), found " + found,
              place().place(), "give every record all of the keys");
}

}  // namespace

bool is_row_of_columns(JsonElement element) {
  if (element.type() != JsonType::OBJECT) return false;
  bool is_empty = true;
  for (const auto& field : as<JsonObject>(element)) {
    is_empty = false;
    if (!is_number(field.value) || std::ranges::count(no_classes, field.key) > 0) return false;
  }
  return !is_empty;
}

std::vector<std::string> keys_of_row(JsonElement element) {
  std::vector<std::string> keys;
  for (const auto& field : as<JsonObject>(element)) keys.emplace_back(field.key);
  return keys;
}

std::vector<JsonElement> in_order(JsonElement element, const std::vector<std::string>& columns,
                                  const PlaceOf& place) {
  if (element.type() != JsonType::OBJECT) throw_other_keys("another value", columns, place);
  std::vector<std::optional<JsonElement>> found(columns.size());
  std::size_t next = 0;
  for (const auto& field : as<JsonObject>(element)) {
    std::size_t column = next;
    if (column == columns.size() || columns[column] != field.key) {
      column = static_cast<std::size_t>(std::ranges::find(columns, field.key) - columns.begin());
    }
    if (column == columns.size())
      throw_other_keys("the key " + text::quoted(field.key), columns, place);
    if (found[column]) {
      throw Error(ErrorCode::malformed_json,
                  "the key " + text::quoted(field.key) + " is given twice", place().place());
    }
    found[column] = field.value;
    next = column + 1;
  }
  std::vector<JsonElement> row;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (!found[k]) throw_other_keys("no " + text::quoted(columns[k]), columns, place);
    row.push_back(*found[k]);
  }
  return row;
}

std::string key_of_sample(JsonElement element, const PlaceOf& place) {
  switch (element.type()) {
    case JsonType::STRING: return std::string(as<std::string_view>(element));
    case JsonType::INT64: return std::to_string(as<std::int64_t>(element));
    case JsonType::UINT64: return std::to_string(as<std::uint64_t>(element));
    default: break;
  }
  throw Error(ErrorCode::unsupported_type,
              "a key of a sample must be a text or an integer, found another value",
              place().place(), "write 1 or \"1\" for 1.0");
}

bool is_printed_array(std::string_view text) {
  const bool has_digit = text.find_first_of("0123456789") != std::string_view::npos;
  const bool is_bracketed = text.starts_with('[') && text.ends_with(']');
  const bool is_called =
      (text.starts_with("tensor(") || text.starts_with("array(")) && text.ends_with(')');
  return has_digit && (is_bracketed || is_called);
}

void throw_printed_array(std::string_view text, const JsonPlace& place) {
  throw Error(ErrorCode::not_a_number,
              "expected numbers, found the text of a printed array: " + text::quoted(text),
              place.place(), "write its numbers: json.dumps({'pred': pred.tolist()})");
}

void throw_no_number(JsonElement element, const JsonPlace& place) {
  const bool is_object = element.type() == JsonType::OBJECT;
  if (is_object && has_key(element, "label") && has_key(element, "score")) {
    throw Error(ErrorCode::not_a_number,
                "expected numbers, found an object of a label and its score", place.place(),
                "write the scores by class: json.dumps([{'pred': {d['label']: d['score'] for d in "
                "sample}} for sample in results]), and type " +
                    place.file + "#/pred");
  }
  throw Error(ErrorCode::not_a_number,
              std::string("expected a number, found an ") + (is_object ? "object" : "array"),
              place.place());
}

JsonPlace place_below(JsonPlace place, std::span<const std::size_t> index,
                      const JsonLayout& layout) {
  for (std::size_t axis = 0; axis < index.size(); ++axis) {
    const bool is_column = axis + 1 == layout.shape.size() && index[axis] < layout.columns.size();
    place = is_column ? place.at(layout.columns[index[axis]]) : place.at(index[axis]);
  }
  return place;
}

void name_columns(Array& array, const JsonLayout& layout) {
  if (layout.columns.empty()) return;
  array.set_column_names(layout.columns);
  array.add_note("the columns are the keys of the first record: " + text::listed(layout.columns));
}

}  // namespace losscalc::io
