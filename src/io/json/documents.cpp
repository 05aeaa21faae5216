#include "io/json/documents.h"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "diagnostics/error.h"
#include "io/json/errors.h"
#include "io/json/index.h"
#include "io/json/records.h"
#include "text/lines.h"

namespace losscalc::io {
namespace {

/// Fields by which data sets tell their samples apart.
constexpr std::array<std::string_view, 20> names_of_keys{
    "id",        "image_id",  "sample_id", "example_id", "instance_id", "question_id", "doc_id",
    "custom_id", "record_id", "qid",       "uid",        "uuid",        "guid",        "key",
    "file",      "filename",  "file_name", "image",      "path",        "index"};

bool may_be_key(JsonElement element) {
  return element.type() == JsonType::STRING || element.type() == JsonType::INT64 ||
         element.type() == JsonType::UINT64;
}

/// Keys that are taken from their records when they are asked for: most of them never are.
class KeysWhenRead final : public ElementSource {
 public:
  KeysWhenRead(KeysOfRecords keys, std::string name)
      : keys_(std::move(keys)), name_(std::move(name)) {}

  void read(std::size_t first, std::span<double> out) const override { array().read(first, out); }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    array().read_words(first, out);
  }
  Place place(std::span<const std::size_t> index) const {
    return index.empty() ? array().place() : array().place(index[0]);
  }

 private:
  const Array& array() const {
    const std::lock_guard lock(mutex_);
    if (!array_) array_ = keys_(name_);
    return *array_;
  }

  KeysOfRecords keys_;
  std::string name_;
  mutable std::mutex mutex_;
  mutable std::optional<Array> array_;
};

/// Parses a text whole: one document, or one on each line.
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

  std::vector<JsonRecord> take() { return std::move(roots_); }

 private:
  JsonValue parse(std::string_view text, std::size_t line) {
    if (is_blank(text)) throw Error(ErrorCode::no_data, "the file is empty", Place{.file = file_});
    const auto document = std::make_shared<simdjson::dom::document>();
    const auto parsed = parser_.parse_into_document(*document, text.data(), text.size(), true);
    if (parsed.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    if (parsed.error() != simdjson::SUCCESS) {
      throw_malformed(file_, text, line, simdjson::error_message(parsed.error()));
    }
    return {parsed.value_unsafe(), document};
  }

  void parse_lines(std::string_view text) {
    text::for_each_line(text, [this](std::string_view content, std::size_t line) {
      roots_.push_back({parse(content, line), JsonPlace{file_, line, ""}});
    });
  }

  std::string file_;
  simdjson::dom::parser parser_;
  std::vector<JsonRecord> roots_;
};

}  // namespace

std::vector<JsonRecord> parsed_documents(const Bytes& bytes, bool lines) {
  return Documents(bytes, lines).take();
}

Array stacked(const std::vector<JsonRecord>& parts, JsonElements elements) {
  JsonFlattener flattener([&parts](std::size_t record) { return parts[record].place; }, elements);
  std::vector<JsonPlace> places;
  for (const JsonRecord& part : parts) {
    flattener.add(part.value.element());
    places.push_back(part.place);
  }
  Shape shape{parts.size()};
  shape.insert(shape.end(), flattener.shape().begin(), flattener.shape().end());
  return flattener.array(shape, [places = std::move(places),
                                 layout = flattener.layout()](std::span<const std::size_t> index) {
    if (index.empty()) return Place{.file = places.front().file};
    return place_below(places[index[0]], index.subspan(1), layout).place();
  });
}

void take_keys(Array& array, JsonElement first_record, std::string_view id,
               const KeysOfRecords& keys) {
  if (!id.empty()) return array.set_keys(keys(id));
  if (first_record.type() != JsonType::OBJECT) return;
  Reading reading = array.reading();
  for (const auto& field : as<JsonObject>(first_record)) {
    if (!may_be_key(field.value) || std::ranges::count(names_of_keys, field.key) == 0) continue;
    const auto source = std::make_shared<const KeysWhenRead>(keys, std::string(field.key));
    const Array words(
        ElementType::text, {array.shape()[0]}, source,
        [source](std::span<const std::size_t> index) { return source->place(index); });
    reading.key_columns.push_back({.name = std::string(field.key),
                                   .why = "its name is that of a key",
                                   .certain = true,
                                   .words = std::make_shared<const Array>(words)});
  }
  array.set_reading(std::move(reading));
}

KeysOfRecords keys_of(const std::vector<JsonRecord>& records) {
  const auto held = std::make_shared<const std::vector<JsonRecord>>(records);
  return [held](std::string_view name) {
    return stacked(field_of_each(*held, name), JsonElements::keys);
  };
}

KeysOfRecords keys_of(const std::shared_ptr<const JsonRecords>& records) {
  return [records](std::string_view name) {
    return std::make_shared<RecordColumns>(records)->of_key(name, JsonElements::keys);
  };
}

std::vector<JsonRecord> elements_of(const JsonValue& array, const JsonPlace& place) {
  std::vector<JsonRecord> records;
  for (std::size_t k = 0; const JsonElement item : as<JsonArray>(array.element()))
    records.push_back({JsonValue(item, array.owner()), place.at(k++)});
  return records;
}

std::vector<JsonRecord> field_of_each(const std::vector<JsonRecord>& records,
                                      std::string_view name) {
  std::vector<JsonRecord> parts;
  for (const JsonRecord& record : records) {
    const auto place = [&record] { return record.place; };
    // What is parsed piece by piece is an array or object of its own, and no record of one.
    const JsonElement field = field_of_record(record.value.element(), name, place);
    parts.push_back({JsonValue(field, nullptr), record.place.at(name)});
  }
  return parts;
}

Array part_of_each(const JsonValue& array, std::string_view rest, const JsonPlace& place,
                   std::string_view id) {
  if (array.is_node() && array.document()->node(array.node()).count > 0) {
    const auto records = records_of_array(array.document(), array.node(), place);
    Array result = std::make_shared<RecordColumns>(records)->of_pointer(rest);
    const JsonValue first = records->front();
    take_keys(result, first.element(), id, keys_of(records));
    return result;
  }
  const std::vector<JsonRecord> records =
      array.is_node() ? std::vector<JsonRecord>{} : elements_of(array, place);
  if (records.empty())
    throw Error(ErrorCode::no_data, "the array here has no elements", place.place());
  std::vector<JsonRecord> parts;
  for (const JsonRecord& record : records) {
    JsonPlace at = record.place;
    JsonValue part = follow(record.value, rest, at);
    parts.push_back({std::move(part), std::move(at)});
  }
  Array result = stacked(parts);
  take_keys(result, records.front().value.element(), id, keys_of(records));
  return result;
}

}  // namespace losscalc::io
