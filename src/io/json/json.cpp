#include "io/json/json.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/json/containers.h"
#include "io/json/documents.h"
#include "io/json/large.h"
#include "io/json/objects.h"
#include "io/json/records.h"
#include "io/json/value.h"
#include "io/members.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

[[noreturn]] void throw_several(const Container& container, const JsonPlace& place) {
  const std::vector<std::string> names = container.names();
  throw Error(ErrorCode::missing_array,
              "expected one array, found " + text::counted(names.size(), "name"), place.place(),
              "name one by a fragment: " + place.file +
                  "#/NAME, or give the file alone to take inputs by name; available: " +
                  text::listed(names));
}

[[noreturn]] void throw_nameless(const std::string& file, const Place& place) {
  throw Error(ErrorCode::missing_array, "the file holds one array without a name", place,
              "give it by -p " + file + " or -t " + file);
}

JsonValue root_of(const Bytes& bytes, const JsonBlocks& blocks) {
  if (bytes.data.size() >= blocks.from) {
    if (const auto large = LargeJson::open(bytes, blocks.size)) return {large, large->root()};
  }
  return parsed_documents(bytes, false).front().value;
}

/// Whether an object is one array by itself where nothing names it.
bool is_row(const JsonValue& value) {
  return !value.is_node() && is_row_of_columns(value.element());
}

Array read_large_lines(const Bytes& bytes, std::string_view fragment, const JsonBlocks& blocks,
                       std::string_view id) {
  const auto records = records_of_lines(bytes, blocks.size);
  JsonPlace place = records->place_of(0);
  const JsonValue first = follow(records->front(), fragment, place);
  if (first.type() == JsonType::OBJECT && !(is_row(first) && !fragment.empty()))
    throw_several(*container_of(records, id), records->place_of(0));
  Array array = std::make_shared<RecordColumns>(records)->of_pointer(fragment);
  const JsonValue front = records->front();
  take_keys(array, front.element(), id, keys_of(records));
  return array;
}

Array read_lines(const Bytes& bytes, std::string_view fragment, const JsonBlocks& blocks,
                 std::string_view id) {
  // The lines are the elements, as those of an array are for a document.
  if (fragment == "/*" || fragment.starts_with("/*/")) fragment.remove_prefix(2);
  if (bytes.data.size() >= blocks.from) return read_large_lines(bytes, fragment, blocks, id);
  const std::vector<JsonRecord> roots = parsed_documents(bytes, true);
  std::vector<JsonRecord> parts;
  for (const JsonRecord& root : roots) {
    JsonPlace place = root.place;
    JsonValue part = follow(root.value, fragment, place);
    if (part.type() == JsonType::OBJECT && !(is_row(part) && !fragment.empty()))
      throw_several(*container_of(roots, id), roots.front().place);
    parts.push_back({std::move(part), std::move(place)});
  }
  Array array = stacked(parts);
  take_keys(array, roots.front().value.element(), id, keys_of(roots));
  return array;
}

/// What stands beside the array: its flat data may have a shape there, and its samples names.
class Parent {
 public:
  Parent(const JsonValue& root, std::string_view fragment, const std::string& file)
      : place_{file, 0, ""}, value_(root) {
    if (fragment.empty()) return;
    const std::size_t last = fragment.rfind('/');
    key_ = fragment.substr(last + 1);
    value_ = follow(root, fragment.substr(0, last), place_);
    is_object_ = value_.type() == JsonType::OBJECT;
  }

  std::optional<Array> whole() const {
    if (!is_object_ || key_ != "data" || !is_inference_tensor(value_, place_)) return std::nullopt;
    return inference_tensor(value_, place_);
  }

  std::optional<Array> keys(std::string_view id) const {
    if (!is_object_ || id.empty() || key_ == id) return std::nullopt;
    for (const auto& [key, value] : value_.fields(place_)) {
      if (key == id) return as_keys(value.array(place_.at(key)));
    }
    return std::nullopt;
  }

 private:
  JsonPlace place_;
  JsonValue value_;
  std::string_view key_;
  bool is_object_ = false;
};

Array read_document(const Bytes& bytes, std::string_view fragment, const JsonBlocks& blocks,
                    std::string_view id) {
  JsonPlace place{bytes.file, 0, ""};
  const JsonValue root = root_of(bytes, blocks);
  const Followed followed = follow_to_records(root, fragment, place);
  if (followed.is_each) return part_of_each(followed.value, followed.rest, place, id);
  const JsonValue& value = followed.value;
  if (value.type() == JsonType::OBJECT) {
    if (std::optional<Array> array = array_of_object(value, place)) return *array;
  }
  if (const auto container = container_in(value, place, id)) throw_several(*container, place);
  const Parent parent(root, fragment, bytes.file);
  const std::optional<Array> shaped = parent.whole();
  Array array = shaped ? *shaped : value.array(place);
  if (const std::optional<Array> keys = parent.keys(id)) array.set_keys(*keys);
  return array;
}

}  // namespace

std::unique_ptr<Container> open_json(const Bytes& bytes, std::string_view fragment, bool lines,
                                     const JsonBlocks& blocks, std::string_view id) {
  if (!lines) {
    JsonPlace place{bytes.file, 0, ""};
    const JsonValue value = follow(root_of(bytes, blocks), fragment, place);
    if (auto container = container_in(value, place, id)) return container;
    throw_nameless(bytes.file, place.place());
  }
  if (bytes.data.size() >= blocks.from) {
    const auto records = records_of_lines(bytes, blocks.size);
    if (records->front().type() == JsonType::OBJECT) return container_of(records, id);
  } else {
    std::vector<JsonRecord> roots = parsed_documents(bytes, true);
    if (roots.front().value.type() == JsonType::OBJECT) return container_of(std::move(roots), id);
  }
  throw_nameless(bytes.file, {.file = bytes.file});
}

Array read_json(const Bytes& bytes, std::string_view fragment, bool lines, const JsonBlocks& blocks,
                std::string_view id) {
  return lines ? read_lines(bytes, fragment, blocks, id)
               : read_document(bytes, fragment, blocks, id);
}

}  // namespace losscalc::io
