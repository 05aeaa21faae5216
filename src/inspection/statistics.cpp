#include "inspection/statistics.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

namespace losscalc::inspection {
namespace {

/// As many elements as are read at a time, in whole samples.
std::size_t piece_of(const io::Array& array) {
  constexpr std::size_t piece = std::size_t{1} << 16U;
  const std::size_t samples = array.rank() == 0 ? 1 : std::max<std::size_t>(array.shape()[0], 1);
  const std::size_t sample = std::max<std::size_t>(array.size() / samples, 1);
  return std::max(piece / sample, std::size_t{1}) * sample;
}

template <class T>
void keep_few(std::set<T>& seen, bool& are_few, const T& value) {
  if (!are_few) return;
  seen.insert(value);
  if (seen.size() > most_distinct) {
    are_few = false;
    seen.clear();
  }
}

/// Holds sums along an axis of whole samples against 1.
class AxisSums {
 public:
  AxisSums(const Shape& shape, std::size_t axis) : axis_(axis), length_(shape[axis]) {
    for (std::size_t k = axis + 1; k < shape.size(); ++k) inner_ *= shape[k];
  }

  void add(std::span<const double> values) {
    constexpr double tolerance = 1e-3;
    for (std::size_t start = 0; start < values.size(); start += length_ * inner_) {
      for (std::size_t j = 0; j < inner_; ++j) {
        double sum = 0.0;
        double exponentials = 0.0;
        for (std::size_t c = 0; c < length_; ++c) {
          const double value = values[start + c * inner_ + j];
          are_shares_ = are_shares_ && value >= 0.0 && value <= 1.0;
          sum += value;
          exponentials += std::exp(value);
        }
        are_shares_ = are_shares_ && std::fabs(sum - 1.0) <= tolerance;
        are_logarithms_ = are_logarithms_ && std::fabs(exponentials - 1.0) <= tolerance;
        if (!are_shares_ && !are_logarithms_) return;
      }
    }
  }

  void finish(Statistics& statistics) const {
    if (are_shares_) statistics.axes_of_probabilities.push_back(axis_);
    if (are_logarithms_) statistics.axes_of_log_probabilities.push_back(axis_);
  }

 private:
  std::size_t axis_;
  std::size_t length_;
  std::size_t inner_ = 1;
  bool are_shares_ = true;
  bool are_logarithms_ = true;
};

std::vector<AxisSums> axis_sums(const Shape& shape) {
  std::vector<AxisSums> sums;
  if (shape.size() < 2) return sums;
  for (const std::size_t axis : {std::size_t{1}, shape.size() - 1}) {
    if (shape[axis] > 1 && (axis == 1 || shape.size() > 2)) sums.emplace_back(shape, axis);
  }
  return sums;
}

Statistics of_words(const io::Array& array) {
  Statistics statistics{.are_integers = false};
  std::set<std::string> seen;
  bool are_few = true;
  std::vector<std::string> words;
  const std::size_t piece = piece_of(array);
  for (std::size_t first = 0; first < array.size() && are_few; first += words.size()) {
    words.resize(std::min(piece, array.size() - first));
    array.read_words(first, words);
    for (const std::string& word : words) keep_few(seen, are_few, word);
  }
  statistics.distinct_words.assign(seen.begin(), seen.end());
  return statistics;
}

}  // namespace

Statistics statistics_of(const io::Array& array) {
  if (array.type() == io::ElementType::text) return of_words(array);
  Statistics statistics;
  std::set<double> seen;
  bool are_few = true;
  std::vector<AxisSums> sums = axis_sums(array.shape());
  const bool may_be_boxes = array.rank() == 2 && array.shape()[1] == 4;
  statistics.are_corners = may_be_boxes && array.size() > 0;
  std::vector<double> values;
  const std::size_t piece = piece_of(array);
  for (std::size_t first = 0; first < array.size(); first += values.size()) {
    values.resize(std::min(piece, array.size() - first));
    array.read(first, values);
    for (const double value : values) {
      if (std::isnan(value)) ++statistics.nans;
      if (std::isinf(value)) ++statistics.infinities;
      if (!std::isfinite(value)) continue;
      statistics.smallest = std::min(statistics.smallest.value_or(value), value);
      statistics.largest = std::max(statistics.largest.value_or(value), value);
      statistics.are_integers = statistics.are_integers && value == std::floor(value);
      keep_few(seen, are_few, value);
    }
    for (AxisSums& sum : sums) sum.add(values);
    for (std::size_t k = 0; statistics.are_corners && k + 3 < values.size(); k += 4) {
      statistics.are_corners = values[k] <= values[k + 2] && values[k + 1] <= values[k + 3];
    }
  }
  statistics.distinct_numbers.assign(seen.begin(), seen.end());
  for (const AxisSums& sum : sums) {
    if (array.size() > 0) sum.finish(statistics);
  }
  return statistics;
}

}  // namespace losscalc::inspection
