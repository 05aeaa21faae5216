#include <algorithm>
#include <optional>
#include <string_view>

#include "diagnostics/error.h"
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

bool has_classes(const Loss& loss) {
  return loss.domain == Domain::classwise || loss.domain == Domain::region;
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

/// The class axis counted from the start; the end of `shape` if it has no such axis.
std::size_t class_axis_of(const Conventions& conventions, std::size_t axes) {
  const auto count = static_cast<std::int64_t>(axes);
  const std::int64_t axis =
      conventions.class_axis < 0 ? conventions.class_axis + count : conventions.class_axis;
  return axis < 0 || axis >= count ? axes : static_cast<std::size_t>(axis);
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
  const auto samples = [entries](std::size_t size) {
    return std::max(entries / size, std::size_t{1});
  };
  constexpr std::size_t classes = 5;
  constexpr std::size_t pixels = 12;  // and steps of a sequence
  constexpr std::size_t dimensions = 8;
  switch (loss.domain) {
    case Domain::elementwise:
    case Domain::parameters: return {samples(1)};
    case Domain::tuple:
      if (loss.of_elements) return {samples(1)};
      return {samples(dimensions), dimensions};
    case Domain::batch: return {std::min<std::size_t>(samples(dimensions), 64), dimensions};
    case Domain::sequence:
      return conventions.time_axis == 0 ? Shape{pixels, samples(classes * pixels), classes}
                                        : Shape{samples(classes * pixels), pixels, classes};
    case Domain::box: return {samples(4), 4};
    case Domain::classwise:
    case Domain::region: break;
  }
  const std::int64_t axis = conventions.class_axis;
  const auto needed = static_cast<std::size_t>(axis < 0 ? -axis : axis + 1);
  const std::size_t inner = loss.domain == Domain::region ? pixels : 1;
  Shape shape(std::max<std::size_t>(needed, inner > 1 ? 3 : 2), 1);
  shape[class_axis_of(conventions, shape.size())] = classes;
  // Samples take the first axis that classes leave, pixels the last.
  *std::ranges::find(shape, 1U) = samples(classes * inner);
  if (inner > 1) *std::find(shape.rbegin(), shape.rend(), 1U) = inner;
  return shape;
}

void check_shape(const Loss& loss, const Conventions& conventions, const Shape& shape) {
  const Shape example = default_shape(loss, conventions, 100);
  const auto expect = [&](bool fits, const std::string& expected) {
    if (!fits) throw_unfit(loss, expected, example, shape);
  };
  expect(!shape.empty() && std::ranges::find(shape, 0U) == shape.end(),
         "a shape with lengths of at least 1");
  if (has_classes(loss)) {
    expect(shape.size() >= 2 && class_axis_of(conventions, shape.size()) < shape.size(),
           "a shape of at least 2 axes with the classes along axis " +
               std::to_string(conventions.class_axis));
  }
  if (loss.domain == Domain::batch || (loss.domain == Domain::tuple && !loss.of_elements))
    expect(shape.size() == 2, "the 2 axes [N,D]");
  if (loss.domain == Domain::sequence) {
    expect(shape.size() == 3 && shape.back() >= 2,
           conventions.time_axis == 0 ? "the 3 axes [T,N,C] with at least 2 classes"
                                      : "the 3 axes [N,T,C] with at least 2 classes");
  }
  if (loss.domain == Domain::box)
    expect(shape.size() >= 2 && shape.back() == 4, "at least 2 axes, the last of length 4");
}

}  // namespace losscalc::generation
