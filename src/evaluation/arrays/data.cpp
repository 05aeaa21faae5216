#include "evaluation/arrays/data.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace losscalc::evaluation {

std::size_t element_count(const Shape& shape) {
  std::size_t count = 1;
  for (const std::size_t length : shape) count *= length;
  return count;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (axis > 0) text += ",";
    text += std::to_string(shape[axis]);
  }
  return text + "]";
}

std::vector<std::size_t> multi_index(std::size_t position, const Shape& shape) {
  std::vector<std::size_t> index(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    index[axis] = position % shape[axis];
    position /= shape[axis];
  }
  return index;
}

double element(const Data& data, std::size_t position) {
  double value = 0.0;
  data.read(position, std::span(&value, 1));
  return value;
}

std::vector<double> read_all(const Data& data) {
  std::vector<double> values(element_count(data.shape));
  data.read(0, values);
  return values;
}

namespace {

/// An array whose elements have no place but their index.
Data labelled(Shape shape, std::string label) {
  Data data{.shape = std::move(shape), .whole = Place{.file = std::move(label)}};
  data.place = [whole = data.whole, shape = data.shape](std::size_t position) {
    Place place = whole;
    place.index = multi_index(position, shape);
    return place;
  };
  return data;
}

}  // namespace

Data in_memory(std::vector<double> values, Shape shape, std::string label) {
  auto held = std::make_shared<const std::vector<double>>(std::move(values));
  Data data = labelled(std::move(shape), std::move(label));
  data.read = [held](std::size_t first, std::span<double> out) {
    std::ranges::copy_n(held->begin() + static_cast<std::ptrdiff_t>(first),
                        static_cast<std::ptrdiff_t>(out.size()), out.begin());
  };
  return data;
}

Data zeros(Shape shape, std::string label) {
  Data data = labelled(std::move(shape), std::move(label));
  data.read = [](std::size_t /*first*/, std::span<double> out) { std::ranges::fill(out, 0.0); };
  return data;
}

}  // namespace losscalc::evaluation
