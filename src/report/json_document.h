/// A JSON object written member by member, a member to a line and a row of a table to a line, so
/// that large tables are text at once and never a tree in memory.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "report/json_value.h"

namespace losscalc::report {

class JsonDocument {
 public:
  void add(std::string_view key, const Json& value);

  /// An array of `count` values that are asked for one after another.
  void add_rows(std::string_view key, std::size_t count,
                const std::function<Json(std::size_t)>& row);

  /// Numbers in C order as nested arrays of this shape; a single number for the empty shape.
  void add_nested(std::string_view key, std::span<const double> values,
                  std::span<const std::size_t> shape);

  /// The object, with a line break at its end.
  std::string text() const { return text_ + "\n}\n"; }

 private:
  void begin(std::string_view key);

  std::string text_ = "{";
};

}  // namespace losscalc::report
