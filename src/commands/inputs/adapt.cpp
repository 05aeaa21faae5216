#include "commands/inputs/adapt.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "io/format.h"

namespace losscalc::commands {
namespace {

/// What to type to take the one column of an [N,1] array; empty for formats without such a
/// fragment.
std::string squeeze_hint(const io::Array& array) {
  if (array.rank() != 2 || array.shape()[1] != 1) return {};
  const Place place = array.place();
  const io::Format* const format = io::format_of_file(place.file);
  if (format == nullptr || !format->takes_columns) return {};
  return "'" + place.file + "#" + (place.path.empty() ? "" : place.path + "&") + "col=1'";
}

template <class Number, class Elements>
void give_in_place(const std::shared_ptr<const io::Array>& held, Elements& elements) {
  if (!held->holds<Number>()) return;
  elements = [held](std::size_t first, std::size_t count) {
    return held->elements<Number>(first, count);
  };
}

}  // namespace

evaluation::Data adapted(io::Array array) {
  auto held = std::make_shared<const io::Array>(std::move(array));
  evaluation::Data data{.shape = held->shape(),
                        .integer = io::is_integer(held->type()),
                        .machine_epsilon = io::machine_epsilon(held->type())};
  data.read = [held](std::size_t first, std::span<double> out) { held->read(first, out); };
  give_in_place<float>(held, data.in_place.floats);
  give_in_place<double>(held, data.in_place.doubles);
  give_in_place<std::int64_t>(held, data.in_place.integers);
  data.place = [held](std::size_t position) { return held->place(position); };
  data.whole = held->place();
  data.identity = held;
  data.squeeze_hint = squeeze_hint(*held);
  data.class_hint = held->reading().class_hint;
  return data;
}

}  // namespace losscalc::commands
