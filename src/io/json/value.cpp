#include "io/json/value.h"

#include <algorithm>
#include <set>

#include "io/columns.h"
#include "io/json/nested.h"

namespace losscalc::io {
namespace {

using Fields = std::vector<std::pair<std::string, JsonValue>>;

void append_fields(JsonElement object, const std::shared_ptr<const void>& owner, Fields& fields) {
  for (const auto& field : as<JsonObject>(object))
    fields.emplace_back(std::string(field.key), JsonValue(field.value, owner));
}

void append_fields(const std::shared_ptr<const LargeJson>& document, const JsonNode& node,
                   Fields& fields) {
  for (const JsonRun& run : node.runs) {
    if (run.node != JsonRun::none) {
      fields.emplace_back(document->key_of_node(run), JsonValue(document, run.node));
      continue;
    }
    const auto scratch = std::make_shared<JsonScratch>();
    append_fields(document->parse(node, run, *scratch), scratch, fields);
  }
}

[[noreturn]] void throw_twice(std::string_view key, const JsonPlace& place) {
  throw Error(ErrorCode::malformed_json, "the key " + text::quoted(key) + " is given twice",
              place.place());
}

bool is_position(std::string_view token) {
  return !token.empty() && std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; });
}

JsonValue child_of(const JsonValue& value, const std::string& token, const JsonPlace& place) {
  const auto fail = [&](const std::string& message, const std::string& hint = {}) {
    throw Error(ErrorCode::bad_fragment, message, place.place(), hint);
  };
  if (value.type() == JsonType::OBJECT) {
    const Fields fields = value.fields(place);
    const auto found = std::ranges::find(fields, token, &Fields::value_type::first);
    if (found != fields.end()) return found->second;
    std::vector<std::string> keys;
    for (const auto& [key, field] : fields) keys.push_back(key);
    fail("there is no key " + text::quoted(token) + " here", text::choices(token, keys));
  }
  if (value.type() != JsonType::ARRAY)
    fail("there is nothing below a single value: " + text::quoted(token));
  constexpr std::size_t max_digits = 18;
  if (!is_position(token) || (token.size() > 1 && token[0] == '0') || token.size() > max_digits)
    fail("expected the index of an array, found " + text::quoted(token));
  const std::optional<JsonValue> item = value.at(std::stoull(token));
  if (!item) fail("the array here has no element " + token);
  return *item;
}

}  // namespace

JsonValue::JsonValue(JsonElement element, std::shared_ptr<const void> owner)
    : element_(element), owner_(std::move(owner)) {}

JsonValue::JsonValue(std::shared_ptr<const LargeJson> document, std::size_t node)
    : document_(std::move(document)), node_(node) {}

JsonType JsonValue::type() const {
  if (!is_node()) return element_.type();
  return document_->node(node_).is_object ? JsonType::OBJECT : JsonType::ARRAY;
}

Fields JsonValue::fields(const JsonPlace& place) const {
  Fields fields;
  if (is_node()) {
    append_fields(document_, document_->node(node_), fields);
  } else {
    append_fields(element_, owner_, fields);
  }
  std::set<std::string_view> seen;
  for (const auto& [key, value] : fields) {
    if (!seen.insert(key).second) throw_twice(key, place);
  }
  return fields;
}

std::optional<JsonValue> JsonValue::at(std::size_t index) const {
  if (!is_node()) {
    const auto found = as<JsonArray>(element_).at(index);
    if (found.error() != simdjson::SUCCESS) return std::nullopt;
    return JsonValue(found.value_unsafe(), owner_);
  }
  const JsonNode& node = document_->node(node_);
  if (index >= node.count) return std::nullopt;
  const JsonRun& run = *(std::ranges::upper_bound(node.runs, index, {}, &JsonRun::first) - 1);
  if (run.node != JsonRun::none) {
    document_->check_around_node(run);
    return JsonValue(document_, run.node);
  }
  const auto scratch = std::make_shared<JsonScratch>();
  const JsonElement items = document_->parse(node, run, *scratch);
  return JsonValue(as<JsonArray>(items).at(index - run.first).value_unsafe(), scratch);
}

Array JsonValue::array(const JsonPlace& place) const {
  if (is_node()) return nested_array(document_, node_, place);
  JsonFlattener flattener([&place](std::size_t /*record*/) { return place; });
  flattener.add(element_);
  return flattener.array(flattener.shape(), locator_below(place));
}

bool begins_with_object(const JsonValue& value) {
  if (value.type() != JsonType::ARRAY) return false;
  const std::optional<JsonValue> first = value.at(0);
  return first && first->type() == JsonType::OBJECT;
}

namespace {

/// Whether `token` means the same part of each element of an array.
bool means_each(const JsonValue& value, std::string_view token) {
  if (value.type() != JsonType::ARRAY) return false;
  return token == "*" || (!is_position(token) && begins_with_object(value));
}

/// The decoded pointer as a fragment again.
std::string percent_encoded(std::string_view pointer) {
  std::string encoded;
  for (const char c : pointer) encoded += c == '%' ? "%25" : std::string(1, c);
  return encoded;
}

Followed followed(JsonValue value, std::string_view fragment, JsonPlace& place, bool may_be_each) {
  if (fragment.empty()) return {.value = std::move(value)};
  const std::string pointer = percent_decoded(fragment);
  if (pointer[0] != '/') {
    throw Error(ErrorCode::bad_fragment,
                "a JSON Pointer begins with '/', found " + text::quoted("#" + pointer),
                place.place(), "type #/" + pointer);
  }
  for (std::size_t start = 1; start <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', start), pointer.size());
    const std::string token =
        key_of_part(std::string_view(pointer).substr(start, end - start), place.place());
    if (may_be_each && means_each(value, token)) {
      const std::size_t rest = token == "*" ? end : start - 1;
      return {.value = std::move(value),
              .is_each = true,
              .rest = percent_encoded(std::string_view(pointer).substr(rest))};
    }
    value = child_of(value, token, place);
    place = place.at(token);
    start = end + 1;
  }
  return {.value = std::move(value)};
}

}  // namespace

JsonValue follow(JsonValue value, std::string_view fragment, JsonPlace& place) {
  return followed(std::move(value), fragment, place, false).value;
}

Followed follow_to_records(JsonValue value, std::string_view fragment, JsonPlace& place) {
  return followed(std::move(value), fragment, place, true);
}

JsonElement field_of_record(JsonElement record, std::string_view name,
                            const std::function<JsonPlace()>& place) {
  if (record.type() != JsonType::OBJECT) {
    throw Error(ErrorCode::malformed_json,
                "expected an object as in the first record, found another value", place().place());
  }
  std::vector<std::string_view> keys;
  std::optional<JsonElement> found;
  for (const auto& field : as<JsonObject>(record)) {
    if (field.key == name && !found) found = field.value;
    keys.push_back(field.key);
  }
  std::ranges::sort(keys);
  const auto twice = std::ranges::adjacent_find(keys);
  if (twice != keys.end()) throw_twice(*twice, place());
  if (!found) {
    throw Error(ErrorCode::missing_array, "this record has no key " + text::quoted(name),
                place().place());
  }
  return *found;
}

}  // namespace losscalc::io
