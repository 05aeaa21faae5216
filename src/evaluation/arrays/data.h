/// An input of a loss as evaluation sees it: a shape, a way to read blocks of elements, and the
/// place of each in its file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "diagnostics/error.h"
#include "numeric/shape.h"

namespace losscalc::evaluation {

/// Elements first .. first+count-1 as the file holds them, for as long as what is returned lives.
template <class Number>
using StoredElements =
    std::function<std::shared_ptr<const Number[]>(std::size_t first, std::size_t count)>;

/// Of arrays that hold numbers of one of these types in C order; where all are empty, only
/// Data::read() gives the elements. Called from several threads at a time.
struct InPlace {
  StoredElements<float> floats = {};
  StoredElements<double> doubles = {};
  StoredElements<std::int64_t> integers = {};
};

struct Data {
  Shape shape = {};
  /// Whether the file stores integers (or booleans).
  bool integer = false;
  /// The distance from 1 to the next larger number of the type in which the file stores numbers.
  double machine_epsilon = std::numeric_limits<double>::epsilon();
  /// Widens elements first, first+1, ... (in C order) to double. Called from several threads at a
  /// time.
  std::function<void(std::size_t first, std::span<double> out)> read = {};
  InPlace in_place = {};
  /// Where the element with this C-order position stands.
  std::function<Place(std::size_t position)> place = {};
  /// The place of the array as a whole.
  Place whole = {};
  /// Arrays that have the same one have the same elements; those without one are like no other.
  std::shared_ptr<const void> identity = {};
  /// What to type to select the one column of an [N,1] array as [N]; empty where the format has no
  /// such way.
  std::string squeeze_hint = {};
  /// What to type if the numbers turn out to be no classes; empty where there is nothing to say.
  std::string class_hint = {};

  /// The same array with its elements read in another way: those that are stored are not offered.
  Data with_read(std::function<void(std::size_t first, std::span<double> out)> other) const;

  /// The same array with other numbers, in C order, which are held in memory.
  Data with_values(std::vector<double> values) const;
};

/// One element, for messages.
double element(const Data& data, std::size_t position);

/// All numbers of an array.
std::vector<double> read_all(const Data& data);

/// An array held in memory, for lists written in a specification and for tests.
Data in_memory(std::vector<double> values, Shape shape, std::string label);

/// An array of zeros, which takes no memory.
Data zeros(Shape shape, std::string label);

}  // namespace losscalc::evaluation
