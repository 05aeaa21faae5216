#include "report/json_document.h"

namespace losscalc::report {
namespace {

/// Writes the numbers from `next` on and moves it past them.
void append_nested(std::string& text, std::span<const double> values,
                   std::span<const std::size_t> shape, std::size_t& next) {
  if (shape.empty()) {
    text += printed(json_number(values[next++]), false);
    return;
  }
  text += "[";
  for (std::size_t i = 0; i < shape.front(); ++i) {
    if (i > 0) text += ",";
    append_nested(text, values, shape.subspan(1), next);
  }
  text += "]";
}

}  // namespace

void JsonDocument::begin(std::string_view key) {
  text_ += text_.size() > 1 ? ",\n  " : "\n  ";
  text_ += printed(key, false) + ": ";
}

void JsonDocument::add(std::string_view key, const Json& value) {
  begin(key);
  text_ += printed(value, false);
}

void JsonDocument::add_rows(std::string_view key, std::size_t count,
                            const std::function<Json(std::size_t)>& row) {
  begin(key);
  text_ += "[";
  for (std::size_t i = 0; i < count; ++i) {
    text_ += i > 0 ? ",\n    " : "\n    ";
    text_ += printed(row(i), false);
  }
  text_ += count > 0 ? "\n  ]" : "]";
}

void JsonDocument::add_nested(std::string_view key, std::span<const double> values,
                              std::span<const std::size_t> shape) {
  begin(key);
  std::size_t next = 0;
  append_nested(text_, values, shape, next);
}

}  // namespace losscalc::report
