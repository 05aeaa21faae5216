#include "io/json/json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/json/errors.h"
#include "io/json/flattener.h"
#include "io/json/large.h"
#include "io/json/records.h"
#include "io/json/value.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

struct Record {
  JsonValue value;
  JsonPlace place;
};

/// A text parsed whole: one document, or one on each line.
class Documents {
 public:
  Documents(const Bytes& bytes, bool lines) : file_(bytes.file) {
    if (lines) {
      parse_lines(without_byte_order_mark(bytes.text()));
    } else {
      roots_.push_back({parse(without_byte_order_mark(bytes.text()), 1), JsonPlace{file_, 0, ""}});
    }
    if (roots_.empty()) throw Error(ErrorCode::no_data, "the file is empty", Place{.file = file_});
  }

  const std::vector<Record>& roots() const { return roots_; }

 private:
  JsonValue parse(std::string_view text, std::size_t line) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
      throw Error(ErrorCode::no_data, "the file is empty", Place{.file = file_});
    }
    const auto document = std::make_shared<simdjson::dom::document>();
    const auto parsed = parser_.parse_into_document(*document, text.data(), text.size(), true);
    if (parsed.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    if (parsed.error() != simdjson::SUCCESS) {
      throw_malformed(file_, text, line, simdjson::error_message(parsed.error()));
    }
    return {parsed.value_unsafe(), document};
  }

  void parse_lines(std::string_view text) {
    std::size_t line = 1;
    for (std::size_t start = 0; start < text.size(); ++line) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      const std::string_view content = text.substr(start, end - start);
      start = end + 1;
      if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      roots_.push_back({parse(content, line), JsonPlace{file_, line, ""}});
    }
  }

  std::string file_;
  simdjson::dom::parser parser_;
  std::vector<Record> roots_;
};

/// One array out of the same part of many records: [records, shape of each].
Array stacked(const std::vector<Record>& parts) {
  JsonFlattener flattener([&parts](std::size_t record) { return parts[record].place; });
  std::vector<JsonPlace> places;
  for (const Record& part : parts) {
    flattener.add(part.value.element());
    places.push_back(part.place);
  }
  Shape shape{parts.size()};
  shape.insert(shape.end(), flattener.shape().begin(), flattener.shape().end());
  return flattener.array(shape, [places = std::move(places)](std::span<const std::size_t> index) {
    if (index.empty()) return Place{.file = places.front().file};
    JsonPlace place = places[index[0]];
    for (const std::size_t position : index.subspan(1)) place = place.at(position);
    return place.place();
  });
}

std::vector<std::string> keys_of(const JsonValue& object, const JsonPlace& place) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.fields(place)) keys.push_back(key);
  return keys;
}

class ObjectContainer final : public Container {
 public:
  ObjectContainer(const JsonValue& object, JsonPlace place)
      : place_(std::move(place)), fields_(object.fields(place_)) {}

  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [key, value] : fields_) {
      if (value.type() != JsonType::OBJECT && value.type() != JsonType::NULL_VALUE)
        names.push_back(key);
    }
    return names;
  }

  Array array(std::string_view name) const override {
    for (const auto& [key, value] : fields_) {
      if (key == name) return value.array(place_.at(key));
    }
    const std::vector<std::string> known = names();
    throw Error(ErrorCode::missing_array, "there is no key " + text::quoted(name), place_.place(),
                text::choices(name, known));
  }

 private:
  JsonPlace place_;
  std::vector<std::pair<std::string, JsonValue>> fields_;
};

/// Objects with the same keys, whose values are stacked.
class RecordContainer : public Container {
 public:
  RecordContainer(const JsonValue& first, JsonPlace place)
      : place_(std::move(place)), names_(keys_of(first, place_)) {}

  std::vector<std::string> names() const final { return names_; }

  Array array(std::string_view name) const final {
    if (std::ranges::find(names_, name) == names_.end()) {
      throw Error(ErrorCode::missing_array, "there is no key " + text::quoted(name), place_.place(),
                  text::choices(name, names_));
    }
    return column(name);
  }

 private:
  virtual Array column(std::string_view name) const = 0;

  JsonPlace place_;
  std::vector<std::string> names_;
};

/// Records that are parsed.
class SmallRecords final : public RecordContainer {
 public:
  explicit SmallRecords(std::vector<Record> records)
      : RecordContainer(records.front().value, records.front().place),
        records_(std::move(records)) {
    for (const Record& record : records_) {
      if (record.value.type() != JsonType::OBJECT) {
        throw Error(ErrorCode::malformed_json,
                    "expected an object as in the first record, found another value",
                    record.place.place());
      }
    }
  }

 private:
  Array column(std::string_view name) const override {
    std::vector<Record> parts;
    for (const Record& record : records_) {
      const JsonElement field =
          field_of_record(record.value.element(), name, [&] { return record.place; });
      parts.push_back({JsonValue(field, nullptr), record.place.at(name)});
    }
    return stacked(parts);
  }

  std::vector<Record> records_;
};

/// Records that are parsed as they are read.
class LargeRecords final : public RecordContainer {
 public:
  explicit LargeRecords(const std::shared_ptr<const JsonRecords>& records)
      : RecordContainer(records->front(), records->place_of(0)),
        columns_(std::make_shared<RecordColumns>(records)) {}

 private:
  Array column(std::string_view name) const override { return columns_->of_key(name); }

  std::shared_ptr<RecordColumns> columns_;
};

std::unique_ptr<Container> records_in(const JsonValue& array, const JsonPlace& place) {
  if (array.is_node()) {
    return std::make_unique<LargeRecords>(records_of_array(array.document(), array.node(), place));
  }
  std::vector<Record> records;
  for (std::size_t k = 0; const JsonElement item : as<JsonArray>(array.element()))
    records.push_back({JsonValue(item, array.owner()), place.at(k++)});
  return std::make_unique<SmallRecords>(std::move(records));
}

/// The arrays of an object or of records; null for anything else.
std::unique_ptr<Container> container_in(const JsonValue& value, const JsonPlace& place) {
  if (value.type() == JsonType::OBJECT) return std::make_unique<ObjectContainer>(value, place);
  if (begins_with_object(value)) return records_in(value, place);
  return nullptr;
}

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
  return Documents(bytes, false).roots().front().value;
}

Array read_large_lines(const Bytes& bytes, std::string_view fragment, const JsonBlocks& blocks) {
  const auto records = records_of_lines(bytes, blocks.size);
  JsonPlace place = records->place_of(0);
  const JsonValue first = follow(records->front(), fragment, place);
  if (first.type() == JsonType::OBJECT) throw_several(LargeRecords(records), records->place_of(0));
  return std::make_shared<RecordColumns>(records)->of_pointer(fragment);
}

}  // namespace

std::unique_ptr<Container> open_json(const Bytes& bytes, std::string_view fragment, bool lines,
                                     const JsonBlocks& blocks) {
  if (!lines) {
    JsonPlace place{bytes.file, 0, ""};
    const JsonValue value = follow(root_of(bytes, blocks), fragment, place);
    if (auto container = container_in(value, place)) return container;
    throw_nameless(bytes.file, place.place());
  }
  if (bytes.data.size() >= blocks.from) {
    const auto records = records_of_lines(bytes, blocks.size);
    if (records->front().type() == JsonType::OBJECT) return std::make_unique<LargeRecords>(records);
  } else {
    const Documents documents(bytes, true);
    if (documents.roots().front().value.type() == JsonType::OBJECT)
      return std::make_unique<SmallRecords>(documents.roots());
  }
  throw_nameless(bytes.file, {.file = bytes.file});
}

Array read_json(const Bytes& bytes, std::string_view fragment, bool lines,
                const JsonBlocks& blocks) {
  if (!lines) {
    JsonPlace place{bytes.file, 0, ""};
    const JsonValue value = follow(root_of(bytes, blocks), fragment, place);
    if (const auto container = container_in(value, place)) throw_several(*container, place);
    return value.array(place);
  }
  if (bytes.data.size() >= blocks.from) return read_large_lines(bytes, fragment, blocks);
  const Documents documents(bytes, true);
  std::vector<Record> parts;
  for (const Record& root : documents.roots()) {
    JsonPlace place = root.place;
    parts.push_back({follow(root.value, fragment, place), place});
    if (parts.back().value.type() == JsonType::OBJECT)
      throw_several(SmallRecords(documents.roots()), documents.roots().front().place);
  }
  return stacked(parts);
}

}  // namespace losscalc::io
