#include "io/json.h"

#include <algorithm>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/columns.h"
#include "io/json_array.h"
#include "io/phrases.h"

namespace losscalc::io {
namespace {

/// Finds where a text stops being JSON, by a second parser that keeps count.
class ErrorPosition : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*count*/) override { return true; }
  bool key(string_t& /*key*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*count*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override {
    position_ = position;
    token_ = token;
    message_ = error.what();
    return false;
  }

  std::size_t position() const { return position_; }
  const std::string& token() const { return token_; }
  bool found() const { return !message_.empty(); }

 private:
  std::size_t position_ = 0;
  std::string token_;
  std::string message_;
};

[[noreturn]] void throw_malformed(const std::string& file, std::string_view text,
                                  std::size_t first_line, const std::string& reason) {
  ErrorPosition position;
  nlohmann::json::sax_parse(text, &position);
  Place place{.file = file, .line = first_line};
  if (!position.found())
    throw Error(ErrorCode::malformed_json, "not readable as JSON: " + reason, place,
                "integers beyond 64 bits need a decimal point or an exponent: 1e30");
  const std::string_view before =
      text.substr(0, position.position() == 0 ? 0 : position.position() - 1);
  place.line = first_line + static_cast<std::size_t>(std::ranges::count(before, '\n'));
  const std::size_t line_start = before.rfind('\n');
  place.column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
  std::string hint;
  const std::string_view rest = text.substr(before.size() > 8 ? before.size() - 8 : 0, 20);
  if (rest.find("NaN") != std::string_view::npos || rest.find("Inf") != std::string_view::npos) {
    hint = "JSON has no NaN or Infinity: write \"NaN\", \"Infinity\" or \"-Infinity\" in quotes";
  }
  throw Error(ErrorCode::malformed_json,
              "not well-formed JSON here, near " + io::quoted(position.token()), place, hint);
}

/// Fields of an object in their order. Throws Error(malformed_json) for a key that stands twice.
std::vector<std::pair<std::string, JsonElement>> fields_of(JsonElement object,
                                                           const JsonPlace& place) {
  std::vector<std::pair<std::string, JsonElement>> fields;
  std::set<std::string_view> seen;
  for (const auto& field : as<JsonObject>(object)) {
    if (!seen.insert(field.key).second) {
      throw Error(ErrorCode::malformed_json, "the key " + io::quoted(field.key) + " stands twice",
                  place.place());
    }
    fields.emplace_back(std::string(field.key), field.value);
  }
  return fields;
}

std::vector<std::string> keys_of(JsonElement object, const JsonPlace& place) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : fields_of(object, place)) keys.push_back(key);
  return keys;
}

/// Follows a JSON Pointer (RFC 6901, section 6: as a URI fragment it is percent-encoded).
JsonElement follow(JsonElement element, std::string_view fragment, JsonPlace& place) {
  if (fragment.empty()) return element;
  const std::string pointer = percent_decoded(fragment);
  const auto fail = [&](const std::string& message, const std::string& hint = {}) {
    throw Error(ErrorCode::bad_fragment, message, place.place(), hint);
  };
  if (pointer[0] != '/') {
    fail("a JSON Pointer begins with '/', found " + io::quoted("#" + pointer), "type #/" + pointer);
  }
  for (std::size_t start = 1; start <= pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', start), pointer.size());
    std::string token;
    for (std::size_t i = start; i < end; ++i) {
      if (pointer[i] != '~') {
        token += pointer[i];
        continue;
      }
      const char code = i + 1 < end ? pointer[++i] : ' ';
      if (code != '0' && code != '1') fail("'~' must be followed by 0 or 1 in a JSON Pointer");
      token += code == '0' ? '~' : '/';
    }
    start = end + 1;
    if (element.type() == JsonType::OBJECT) {
      const auto fields = fields_of(element, place);
      const auto found =
          std::ranges::find(fields, token, &std::pair<std::string, JsonElement>::first);
      if (found == fields.end())
        fail("there is no key " + io::quoted(token) + " here",
             choices(token, keys_of(element, place)));
      element = found->second;
    } else if (element.type() == JsonType::ARRAY) {
      const bool digits =
          !token.empty() && std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; });
      constexpr std::size_t most_digits = 18;
      if (!digits || (token.size() > 1 && token[0] == '0') || token.size() > most_digits) {
        fail("expected the index of an array, found " + io::quoted(token));
      }
      const auto found = as<JsonArray>(element).at(std::stoull(token));
      if (found.error() != simdjson::SUCCESS) fail("the array here has no element " + token);
      element = found.value_unsafe();
    } else {
      fail("there is nothing below a single value: " + io::quoted(token));
    }
    place = place.at(token);
  }
  return element;
}

struct Record {
  JsonElement element;
  JsonPlace place;
};

/// A parsed text: one document, or one on each line. Elements live as long as it does.
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
  JsonElement parse(std::string_view text, std::size_t line) {
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
      throw Error(ErrorCode::no_data, "the file is empty", Place{.file = file_});
    }
    const auto parsed =
        parser_.parse_into_document(documents_.emplace_back(), text.data(), text.size(), true);
    if (parsed.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    if (parsed.error() != simdjson::SUCCESS) {
      throw_malformed(file_, text, line, simdjson::error_message(parsed.error()));
    }
    return parsed.value_unsafe();
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
  std::deque<simdjson::dom::document> documents_;
  std::vector<Record> roots_;
};

Locator locator_in(const JsonPlace& root) {
  return [root](std::span<const std::size_t> index) {
    JsonPlace place = root;
    for (const std::size_t position : index) place = place.at(position);
    return place.place();
  };
}

Array array_of(JsonElement element, const JsonPlace& place) {
  JsonFlattener flattener(place);
  flattener.add(element);
  return flattener.array(flattener.shape(), locator_in(place));
}

/// One array out of the same part of many records: [records, shape of each].
Array stacked(const std::vector<Record>& parts) {
  JsonFlattener flattener(parts.front().place);
  std::vector<JsonPlace> places;
  for (const Record& part : parts) {
    flattener.set_root(part.place);
    flattener.add(part.element);
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

class ObjectContainer final : public Container {
 public:
  ObjectContainer(std::shared_ptr<const Documents> documents, JsonElement object, JsonPlace place)
      : documents_(std::move(documents)),
        place_(std::move(place)),
        fields_(fields_of(object, place_)) {}

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
      if (key == name) return array_of(value, place_.at(key));
    }
    const std::vector<std::string> known = names();
    throw Error(ErrorCode::missing_array, "there is no key " + io::quoted(name), place_.place(),
                choices(name, known));
  }

 private:
  std::shared_ptr<const Documents> documents_;
  JsonPlace place_;
  std::vector<std::pair<std::string, JsonElement>> fields_;
};

class RecordContainer final : public Container {
 public:
  RecordContainer(std::shared_ptr<const Documents> documents, std::vector<Record> records)
      : documents_(std::move(documents)), records_(std::move(records)) {
    for (const Record& record : records_) {
      if (record.element.type() != JsonType::OBJECT) {
        throw Error(ErrorCode::malformed_json,
                    "expected an object as in the first record, found another value",
                    record.place.place());
      }
    }
    names_ = keys_of(records_.front().element, records_.front().place);
  }

  std::vector<std::string> names() const override { return names_; }

  Array array(std::string_view name) const override {
    if (std::ranges::find(names_, name) == names_.end()) {
      throw Error(ErrorCode::missing_array, "there is no key " + io::quoted(name),
                  records_.front().place.place(), choices(name, names_));
    }
    std::vector<Record> parts;
    for (const Record& record : records_) {
      const auto fields = fields_of(record.element, record.place);
      const auto found =
          std::ranges::find(fields, name, &std::pair<std::string, JsonElement>::first);
      if (found == fields.end()) {
        throw Error(ErrorCode::missing_array, "this record has no key " + io::quoted(name),
                    record.place.place());
      }
      parts.push_back({found->second, record.place.at(name)});
    }
    return stacked(parts);
  }

 private:
  std::shared_ptr<const Documents> documents_;
  std::vector<Record> records_;
  std::vector<std::string> names_;
};

std::vector<Record> records_of(JsonElement array, const JsonPlace& place) {
  std::vector<Record> records;
  for (const JsonElement item : as<JsonArray>(array))
    records.push_back({item, place.at(records.size())});
  return records;
}

bool begins_with_object(JsonElement element) {
  if (element.type() != JsonType::ARRAY) return false;
  const JsonArray items = as<JsonArray>(element);
  return items.begin() != items.end() && (*items.begin()).type() == JsonType::OBJECT;
}

[[noreturn]] void throw_several(const Container& container, const JsonPlace& place) {
  const std::vector<std::string> names = container.names();
  throw Error(
      ErrorCode::missing_array, "expected one array, found " + counted(names.size(), "name"),
      place.place(),
      "name one by a fragment: " + place.file +
          "#/NAME, or give the file alone to take inputs by name; there are: " + listed(names));
}

[[noreturn]] void throw_nameless(const std::string& file, const Place& place) {
  throw Error(ErrorCode::missing_array, "the file holds one array without a name", place,
              "give it by -p " + file + " or -t " + file);
}

}  // namespace

std::unique_ptr<Container> open_json(const Bytes& bytes, std::string_view fragment, bool lines) {
  const auto documents = std::make_shared<const Documents>(bytes, lines);
  JsonPlace place = documents->roots().front().place;
  const bool are_records = lines && documents->roots().front().element.type() == JsonType::OBJECT;
  if (are_records) return std::make_unique<RecordContainer>(documents, documents->roots());
  if (lines) throw_nameless(bytes.file, {.file = bytes.file});
  const JsonElement element = follow(documents->roots().front().element, fragment, place);
  if (element.type() == JsonType::OBJECT)
    return std::make_unique<ObjectContainer>(documents, element, place);
  if (begins_with_object(element))
    return std::make_unique<RecordContainer>(documents, records_of(element, place));
  throw_nameless(bytes.file, place.place());
}

Array read_json(const Bytes& bytes, std::string_view fragment, bool lines) {
  const auto documents = std::make_shared<const Documents>(bytes, lines);
  if (!lines) {
    JsonPlace place = documents->roots().front().place;
    const JsonElement element = follow(documents->roots().front().element, fragment, place);
    if (element.type() == JsonType::OBJECT)
      throw_several(ObjectContainer(documents, element, place), place);
    if (begins_with_object(element))
      throw_several(RecordContainer(documents, records_of(element, place)), place);
    return array_of(element, place);
  }
  std::vector<Record> parts;
  for (const Record& root : documents->roots()) {
    JsonPlace place = root.place;
    parts.push_back({follow(root.element, fragment, place), place});
    if (parts.back().element.type() == JsonType::OBJECT) {
      throw_several(RecordContainer(documents, documents->roots()),
                    documents->roots().front().place);
    }
  }
  return stacked(parts);
}

}  // namespace losscalc::io
