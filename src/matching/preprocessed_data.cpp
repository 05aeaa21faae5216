#include "matching/preprocessed_data.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/arrays/class_layout.h"

namespace losscalc::matching {
namespace {

using evaluation::ClassLayout;
using evaluation::Data;
using evaluation::Term;

/// Of arrays that are held in memory for a preprocessing.
constexpr std::size_t max_elements = 4'000'000;

/// An array [N,N] of which an element is the number of its row, or of its column.
Data repeated(const Data& data, std::size_t length, bool by_row) {
  Data square = data.with_read(
      [numbers = read_all(data), length, by_row](std::size_t first, std::span<double> out) {
        std::size_t row = first / length;
        std::size_t column = first % length;
        for (std::size_t done = 0; done < out.size(); ++row, column = 0) {
          const std::size_t count = std::min(length - column, out.size() - done);
          const auto to = out.subspan(done, count);
          if (by_row) {
            std::ranges::fill(to, numbers[row]);
          } else {
            std::ranges::copy(std::span(numbers).subspan(column, count), to.begin());
          }
          done += count;
        }
      });
  square.shape = {length, length};
  square.place = [whole = data.whole](std::size_t) { return whole; };
  return square;
}

bool fits_in_memory(const Data& data) { return element_count(data.shape) <= max_elements; }

/// Calls change(row) for the numbers of all classes at each position, and stores what it leaves.
template <class Change>
void for_each_row(const ClassLayout& layout, std::span<double> numbers, Change change) {
  std::vector<double> row(layout.classes);
  for (std::size_t position = 0; position < layout.positions(); ++position) {
    for (std::size_t c = 0; c < layout.classes; ++c) row[c] = numbers[layout.flat(position, c)];
    change(row);
    for (std::size_t c = 0; c < layout.classes; ++c) numbers[layout.flat(position, c)] = row[c];
  }
}

void softmax(std::vector<double>& row) {
  const double largest = *std::ranges::max_element(row);
  double sum = 0.0;
  for (double& number : row) sum += number = std::exp(number - largest);
  for (double& number : row) number /= sum;
}

void divide_row_by_length(std::vector<double>& row) {
  double squares = 0.0;
  for (const double number : row) squares += number * number;
  if (squares == 0.0) return;
  for (double& number : row) number /= std::sqrt(squares);
}

/// Whether one shape is the end of the other, so that it is broadcast over what goes before.
bool is_end_of(const Shape& end, const Shape& whole) {
  return end.size() <= whole.size() && std::equal(end.rbegin(), end.rend(), whole.rbegin());
}

}  // namespace

bool has_array(const Term& term, const std::string& role) {
  const auto found = term.inputs.find(role);
  return found != term.inputs.end() && !found->second.empty();
}

bool broadcast(Term& term) {
  if (!has_array(term, "pred") || !has_array(term, "target")) return false;
  Data& prediction = term.inputs.at("pred").front();
  Data& target = term.inputs.at("target").front();
  const Data& row = prediction.shape.size() == 1 ? prediction : target;
  const Data& column = prediction.shape.size() == 1 ? target : prediction;
  const std::size_t length = row.shape.empty() ? 0 : row.shape[0];
  if (row.shape.size() != 1 || length < 2 || length > max_elements / length) return false;
  if (column.shape != Shape{length, 1}) return false;
  const bool target_is_row = target.shape.size() == 1;
  prediction = repeated(prediction, length, target_is_row);
  target = repeated(target, length, !target_is_row);
  return true;
}

bool put_through_link(Term& term, bool in_floats) {
  if (!has_array(term, "pred")) return false;
  Data& prediction = term.inputs.at("pred").front();
  if (!fits_in_memory(prediction)) return false;
  std::vector<double> numbers = read_all(prediction);
  if (numbers.empty()) return false;
  if (term.loss->domain == Domain::elementwise || term.conventions.link == Link::sigmoid) {
    for (double& number : numbers) number = 1.0 / (1.0 + std::exp(-number));
  } else {
    for_each_row(class_layout(prediction, term.conventions.class_axis), numbers, softmax);
  }
  if (in_floats) {
    for (double& number : numbers) number = static_cast<float>(number);
  }
  prediction = prediction.with_values(std::move(numbers));
  if (in_floats) prediction.machine_epsilon = std::numeric_limits<float>::epsilon();
  return true;
}

bool divide_by_length(Term& term) {
  for (std::size_t k = 0; k < term.loss->vectors; ++k) {
    const std::string role(term.loss->roles[k].name);
    if (!has_array(term, role)) continue;
    Data& data = term.inputs.at(role).front();
    if (!fits_in_memory(data) || data.shape.empty()) return false;
    std::vector<double> numbers = read_all(data);
    for_each_row(class_layout(data, term.conventions.axis), numbers, divide_row_by_length);
    data = data.with_values(std::move(numbers));
  }
  return true;
}

bool weigh_positives(Term& term) {
  for (const char* const role : {"pred", "target", "pos_weight"}) {
    if (!has_array(term, role)) return false;
  }
  if (has_array(term, "element_weight")) return false;
  const Data target = term.inputs.at("target").front();
  const Data positive = term.inputs.at("pos_weight").front();
  if (target.shape != term.inputs.at("pred").front().shape || !fits_in_memory(target)) return false;
  std::vector<double> weights = read_all(target);
  const std::vector<double> of_positives = read_all(positive);
  if (of_positives.size() != 1 && !is_end_of(positive.shape, target.shape)) return false;
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = 1.0 + weights[i] * (of_positives[i % of_positives.size()] - 1.0);
  term.inputs["element_weight"] = {target.with_values(std::move(weights))};
  term.inputs.erase("pos_weight");
  return true;
}

}  // namespace losscalc::matching
