#include "evaluation/arrays/data.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace losscalc::evaluation {
namespace {

/// Reads numbers that it holds.
auto reader_of(std::vector<double> values) {
  return [held = std::make_shared<const std::vector<double>>(std::move(values))](
             std::size_t first, std::span<double> out) {
    std::ranges::copy_n(held->begin() + static_cast<std::ptrdiff_t>(first),
                        static_cast<std::ptrdiff_t>(out.size()), out.begin());
  };
}

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

Data Data::with_read(std::function<void(std::size_t first, std::span<double> out)> other) const {
  Data changed = *this;
  changed.read = std::move(other);
  changed.in_place = {};
  changed.identity = {};
  return changed;
}

Data Data::with_values(std::vector<double> values) const {
  Data changed = with_read(reader_of(std::move(values)));
  changed.integer = false;
  return changed;
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

Data in_memory(std::vector<double> values, Shape shape, std::string label) {
  Data data = labelled(std::move(shape), std::move(label));
  data.read = reader_of(std::move(values));
  return data;
}

Data zeros(Shape shape, std::string label) {
  Data data = labelled(std::move(shape), std::move(label));
  data.read = [](std::size_t /*first*/, std::span<double> out) { std::ranges::fill(out, 0.0); };
  return data;
}

}  // namespace losscalc::evaluation
