#include <algorithm>
#include <optional>
#include <string_view>

#include "diagnostics/error.h"
#include "generation/domains.h"
#include "generation/random_inputs.h"
#include "text/number.h"

namespace losscalc::generation {
namespace {

constexpr std::int64_t max_entries = std::int64_t{1} << 32U;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// The lengths that `text` lists, or nothing if it is no such list.
std::optional<Shape> listed_lengths(std::string_view text) {
  text = trimmed(text);
  const bool opened = text.starts_with('[');
  if (opened != text.ends_with(']') || text.empty()) return {};
  if (opened) text = text.substr(1, text.size() - 2);
  const char separator = text.find(',') != std::string_view::npos || opened ? ',' : 'x';
  Shape shape;
  for (bool more = true; more;) {
    const std::size_t end = text.find(separator);
    more = end != std::string_view::npos;
    const std::optional<std::int64_t> length = text::parse_integer(trimmed(text.substr(0, end)));
    if (!length || *length < 1) return {};
    shape.push_back(static_cast<std::size_t>(*length));
    if (more) text = text.substr(end + 1);
  }
  return shape;
}

[[noreturn]] void throw_unfit(const Loss& loss, const std::string& expected, const Shape& example,
                              const Shape& found) {
  throw Error(ErrorCode::bad_value, std::string(loss.description.name) + ": expected " + expected +
                                        ", such as " + to_string(example) + ", found " +
                                        to_string(found));
}

}  // namespace

Shape parse_shape(const std::string& text) {
  const std::optional<Shape> shape = listed_lengths(text);
  if (!shape) {
    throw Error(ErrorCode::bad_value,
                "expected a shape such as 4x3, 4,3 or [4,3], with lengths of at least 1, found '" +
                    text + "'");
  }
  std::int64_t room = max_entries;
  for (const std::size_t length : *shape) {
    room = length > static_cast<std::size_t>(room) ? 0 : room / static_cast<std::int64_t>(length);
    if (room > 0) continue;
    throw Error(ErrorCode::bad_value, "expected a shape of at most " + std::to_string(max_entries) +
                                          " entries, found '" + text + "'");
  }
  return *shape;
}

Shape default_shape(const Loss& loss, const Conventions& conventions, std::size_t entries) {
  return row_of(loss.domain).default_shape(loss, conventions, entries);
}

void check_shape(const Loss& loss, const Conventions& conventions, const Shape& shape) {
  const bool has_length_0 = shape.empty() || std::ranges::find(shape, 0U) != shape.end();
  const std::string expected = has_length_0 ? "a shape with lengths of at least 1"
                                            : row_of(loss.domain).misfit(loss, conventions, shape);
  if (!expected.empty()) throw_unfit(loss, expected, default_shape(loss, conventions, 100), shape);
}

}  // namespace losscalc::generation
