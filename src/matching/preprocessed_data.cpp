#include "matching/preprocessed_data.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evaluation/arrays/class_layout.h"
#include "numeric/softmax.h"

namespace losscalc::matching {
namespace {

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

void divide_row_by_length(std::span<double> row) {
  double squares = 0.0;
  for (const double number : row) squares += number * number;
  if (squares == 0.0) return;
  for (double& number : row) number /= std::sqrt(squares);
}

/// Whether one shape is the end of the other, so that it is broadcast over what goes before.
bool is_end_of(const Shape& end, const Shape& whole) {
  return end.size() <= whole.size() && std::equal(end.rbegin(), end.rend(), whole.rbegin());
}

/// Whether there is an array of this role.
bool has_array(const Term& term, std::string_view role) {
  return evaluation::optional_input(term, role) != nullptr;
}

Data& array(Term& term, const std::string& role) { return term.inputs.at(role).front(); }

/// A column [N,1] against a row [N] makes [N,N]: of at most 2000 rows.
bool broadcast(Term& term, ArrayCache& cache) {
  if (!has_array(term, "pred") || !has_array(term, "target")) return false;
  Data& prediction = array(term, "pred");
  Data& target = array(term, "target");
  const Data& row = prediction.shape.size() == 1 ? prediction : target;
  const Data& column = prediction.shape.size() == 1 ? target : prediction;
  const std::size_t length = row.shape.empty() ? 0 : row.shape[0];
  if (row.shape.size() != 1 || length < 2 || length > max_elements / length) return false;
  if (column.shape != Shape{length, 1}) return false;
  const bool target_is_row = target.shape.size() == 1;
  const auto square = [&](const Data& data, bool by_row) {
    return *cache.derived(data, by_row ? "repeated by row" : "repeated by column",
                          [&] { return repeated(data, length, by_row); });
  };
  prediction = square(prediction, target_is_row);
  target = square(target, !target_is_row);
  return true;
}

/// Predictions behind a softmax or a sigmoid, whichever belongs to the loss.
std::optional<Data> linked(const Term& term, const Data& prediction, bool is_sigmoid,
                           bool in_floats) {
  if (!fits_in_memory(prediction)) return {};
  std::vector<double> numbers = read_all(prediction);
  if (numbers.empty()) return {};
  if (is_sigmoid) {
    for (double& number : numbers) number = sigmoid(number);
  } else {
    for_each_row(class_layout(prediction, term.conventions.class_axis), numbers, softmax);
  }
  if (in_floats) {
    for (double& number : numbers) number = static_cast<float>(number);
  }
  Data result = prediction.with_values(std::move(numbers));
  if (in_floats) result.machine_epsilon = std::numeric_limits<float>::epsilon();
  return result;
}

bool put_through_link(Term& term, bool in_floats, ArrayCache& cache) {
  if (!has_array(term, "pred")) return false;
  Data& prediction = array(term, "pred");
  const bool is_sigmoid =
      term.loss->domain == Domain::elementwise || term.conventions.link == Link::sigmoid;
  const std::string how =
      (is_sigmoid ? "sigmoid" : "softmax along " + std::to_string(term.conventions.class_axis)) +
      (in_floats ? " in floats" : "");
  const auto made = cache.derived(prediction, how,
                                  [&] { return linked(term, prediction, is_sigmoid, in_floats); });
  if (made) prediction = *made;
  return made.has_value();
}

/// The vectors of a tuple, divided by their length.
bool divide_by_length(Term& term, ArrayCache& cache) {
  const std::int64_t axis = term.conventions.axis;
  for (std::size_t k = 0; k < term.loss->vectors; ++k) {
    const std::string role(term.loss->roles[k].name);
    if (!has_array(term, role)) continue;
    Data& data = array(term, role);
    if (!fits_in_memory(data) || data.shape.empty()) return false;
    data = *cache.derived(data, "divided by length along " + std::to_string(axis), [&] {
      std::vector<double> numbers = read_all(data);
      for_each_row(class_layout(data, axis), numbers, divide_row_by_length);
      return data.with_values(std::move(numbers));
    });
  }
  return true;
}

/// Each element gets the weight of its positive class, as far as its target is 1.
bool weigh_positives(Term& term) {
  for (const char* const role : {"pred", "target", "pos_weight"}) {
    if (!has_array(term, role)) return false;
  }
  if (has_array(term, "element_weight")) return false;
  const Data target = array(term, "target");
  const Data positive = array(term, "pos_weight");
  if (target.shape != array(term, "pred").shape || !fits_in_memory(target)) return false;
  std::vector<double> weights = read_all(target);
  const std::vector<double> of_positives = read_all(positive);
  if (of_positives.size() != 1 && !is_end_of(positive.shape, target.shape)) return false;
  for (std::size_t i = 0; i < weights.size(); ++i)
    weights[i] = 1.0 + weights[i] * (of_positives[i % of_positives.size()] - 1.0);
  term.inputs["element_weight"] = {target.with_values(std::move(weights))};
  term.inputs.erase("pos_weight");
  return true;
}

/// What is given as one role is given as another.
bool move_array(Term& term, const Preprocessing& preprocessing) {
  if (!has_array(term, preprocessing.from) || has_array(term, preprocessing.to)) return false;
  term.inputs[preprocessing.to] = std::exchange(term.inputs[preprocessing.from], {});
  term.inputs.erase(preprocessing.from);
  return true;
}

bool leave_out(Term& term, const std::string& role) {
  return has_array(term, role) && term.inputs.erase(role) > 0;
}

/// Whether the preprocessing has its place; where it has not, the term is of no use any more.
bool apply(const Preprocessing& preprocessing, Term& term, ArrayCache& cache) {
  using Kind = Preprocessing::Kind;
  switch (preprocessing.kind) {
    case Kind::none:
    case Kind::mean_of_means: return true;
    case Kind::left_out: return leave_out(term, preprocessing.from);
    case Kind::moved: return move_array(term, preprocessing);
    case Kind::broadcast: return broadcast(term, cache);
    case Kind::linked: return put_through_link(term, false, cache);
    case Kind::linked_floats: return put_through_link(term, true, cache);
    case Kind::unit_vectors: return divide_by_length(term, cache);
    case Kind::positives_weighted: return weigh_positives(term);
  }
  return false;
}

}  // namespace

std::optional<Term> preprocessed(Term term, const Preprocessing& preprocessing, ArrayCache& cache) {
  if (!apply(preprocessing, term, cache)) return {};
  return term;
}

}  // namespace losscalc::matching
