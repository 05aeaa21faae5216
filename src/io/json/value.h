/// A value of a JSON document, whether the document is parsed whole or piece by piece.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/array.h"
#include "io/json/flattener.h"
#include "io/json/large.h"

namespace losscalc::io {

class JsonValue {
 public:
  /// `owner` keeps the element's document alive.
  JsonValue(JsonElement element, std::shared_ptr<const void> owner);
  JsonValue(std::shared_ptr<const LargeJson> document, std::size_t node);

  JsonType type() const;
  bool is_node() const { return document_ != nullptr; }
  /// Of a value that is not a node.
  JsonElement element() const { return element_; }
  const std::shared_ptr<const void>& owner() const { return owner_; }
  /// Of a value that is a node.
  const std::shared_ptr<const LargeJson>& document() const { return document_; }
  std::size_t node() const { return node_; }

  /// The fields of an object in their order. Throws Error(malformed_json) for a key that stands
  /// twice.
  std::vector<std::pair<std::string, JsonValue>> fields(const JsonPlace& place) const;

  /// An element of an array, if there are so many.
  std::optional<JsonValue> at(std::size_t index) const;

  /// The numbers or words of nested arrays.
  Array array(const JsonPlace& place) const;

 private:
  JsonElement element_;
  std::shared_ptr<const void> owner_;
  std::shared_ptr<const LargeJson> document_;
  std::size_t node_ = 0;
};

/// Whether it is an array whose first element is an object.
bool begins_with_object(const JsonValue& value);

/// Follows a JSON Pointer (RFC 6901, section 6: as a URI fragment it is percent-encoded), and takes
/// `place` along.
JsonValue follow(JsonValue value, std::string_view fragment, JsonPlace& place);

/// A pointer followed to a single value, or to an array of which it means a part of each element.
struct Followed {
  JsonValue value;
  bool is_each = false;
  std::string rest = {};  ///< the pointer to that part, percent-encoded
};

/// Follows a pointer as follow() does, until an array where `*` stands, or a key although the array
/// is one of objects: what is left of the pointer is for each of its elements.
Followed follow_to_records(JsonValue value, std::string_view fragment, JsonPlace& place);

/// The value of that key in a record, whose place is asked for only for messages. Throws Error:
/// missing_array where it has none, malformed_json if it is no object or a key stands twice.
JsonElement field_of_record(JsonElement record, std::string_view name,
                            const std::function<JsonPlace()>& place);

}  // namespace losscalc::io
