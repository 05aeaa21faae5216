#include "io/json/containers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "diagnostics/error.h"
#include "io/json/objects.h"
#include "io/members.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

class ObjectContainer final : public Container {
 public:
  ObjectContainer(const JsonValue& object, JsonPlace place, std::string_view id)
      : place_(std::move(place)), fields_(object.fields(place_)), id_(id) {}

  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [key, value] : fields_) {
      const bool is_id = !id_.empty() && key == id_;
      if (!is_id && is_array(value, place_.at(key))) names.push_back(key);
    }
    return names;
  }

  Array array(std::string_view name) const override {
    const JsonValue* const value = find(name);
    if (value == nullptr) {
      const std::vector<std::string> known = names();
      throw Error(ErrorCode::missing_array, "there is no key " + text::quoted(name), place_.place(),
                  text::choices(name, known));
    }
    Array array = array_at(*value, place_.at(name));
    const JsonValue* const keys = id_.empty() ? nullptr : find(id_);
    if (keys != nullptr && !array.keys()) array.set_keys(as_keys(keys->array(place_.at(id_))));
    return array;
  }

 private:
  static bool is_array(const JsonValue& value, const JsonPlace& place) {
    if (value.type() != JsonType::OBJECT) return value.type() != JsonType::NULL_VALUE;
    return is_inference_tensor(value, place) || names_samples(value, place);
  }

  static Array array_at(const JsonValue& value, const JsonPlace& place) {
    if (begins_with_object(value)) return part_of_each(value, "", place, "");
    if (value.type() == JsonType::OBJECT) {
      if (std::optional<Array> array = array_of_object(value, place)) return *array;
    }
    return value.array(place);
  }

  const JsonValue* find(std::string_view name) const {
    const auto found =
        std::ranges::find_if(fields_, [name](const auto& field) { return field.first == name; });
    return found == fields_.end() ? nullptr : &found->second;
  }

  JsonPlace place_;
  std::vector<std::pair<std::string, JsonValue>> fields_;
  std::string id_;
};

/// Objects with the same keys, whose values are stacked.
class RecordContainer : public Container {
 public:
  RecordContainer(const JsonValue& first, JsonPlace place, std::string_view id, KeysOfRecords keys)
      : place_(std::move(place)), first_(first), id_(id), keys_(std::move(keys)) {
    for (const auto& [key, value] : first.fields(place_)) {
      if (id.empty() || key != id) names_.push_back(key);
    }
  }

  std::vector<std::string> names() const final { return names_; }

  Array array(std::string_view name) const final {
    if (std::ranges::find(names_, name) == names_.end()) {
      throw Error(ErrorCode::missing_array, "there is no key " + text::quoted(name), place_.place(),
                  text::choices(name, names_));
    }
    Array array = column(name);
    take_keys(array, first_.element(), id_, keys_);
    return array;
  }

 private:
  virtual Array column(std::string_view name) const = 0;

  JsonPlace place_;
  JsonValue first_;
  std::string id_;
  KeysOfRecords keys_;
  std::vector<std::string> names_;
};

/// Records that are parsed.
class SmallRecords final : public RecordContainer {
 public:
  SmallRecords(std::vector<JsonRecord> records, std::string_view id)
      : RecordContainer(records.front().value, records.front().place, id, keys_of(records)),
        records_(std::move(records)) {
    for (const JsonRecord& record : records_) {
      if (record.value.type() != JsonType::OBJECT) {
        throw Error(ErrorCode::malformed_json,
                    "expected an object as in the first record, found another value",
                    record.place.place());
      }
    }
  }

 private:
  Array column(std::string_view name) const override {
    return stacked(field_of_each(records_, name));
  }

  std::vector<JsonRecord> records_;
};

/// Records that are parsed as they are read.
class LargeRecords final : public RecordContainer {
 public:
  LargeRecords(const std::shared_ptr<const JsonRecords>& records, std::string_view id)
      : RecordContainer(records->front(), records->place_of(0), id, keys_of(records)),
        columns_(std::make_shared<RecordColumns>(records)) {}

 private:
  Array column(std::string_view name) const override { return columns_->of_key(name); }

  std::shared_ptr<RecordColumns> columns_;
};

}  // namespace

std::unique_ptr<Container> container_in(const JsonValue& value, const JsonPlace& place,
                                        std::string_view id) {
  if (value.type() == JsonType::OBJECT) return std::make_unique<ObjectContainer>(value, place, id);
  if (!begins_with_object(value)) return nullptr;
  if (value.is_node())
    return container_of(records_of_array(value.document(), value.node(), place), id);
  return container_of(elements_of(value, place), id);
}

std::unique_ptr<Container> container_of(std::vector<JsonRecord> records, std::string_view id) {
  return std::make_unique<SmallRecords>(std::move(records), id);
}

std::unique_ptr<Container> container_of(const std::shared_ptr<const JsonRecords>& records,
                                        std::string_view id) {
  return std::make_unique<LargeRecords>(records, id);
}

}  // namespace losscalc::io
