/// Lengths of vectors.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "formula/functions.h"

namespace losscalc::formula {

/// sqrt(sum_d r_d^2) with r_d = entry(d), divided by the largest so that no square over- or
/// underflows.
template <class Scalar, class Entry>
Scalar norm(std::size_t size, Entry entry) {
  double largest = 0.0;
  for (std::size_t d = 0; d < size; ++d) largest = std::max(largest, std::fabs(value_of(entry(d))));
  if (largest == 0.0) return 0.0;
  const double scale = std::max(largest, 1e-300);  // whose inverse is finite
  Scalar sum = 0.0;
  for (std::size_t d = 0; d < size; ++d) sum += square(Scalar(entry(d) / scale));
  return scale * sqrt(sum);
}

template <class Scalar>
Scalar norm(std::span<const Scalar> x) {
  return norm<Scalar>(x.size(), [x](std::size_t d) { return x[d]; });
}

}  // namespace losscalc::formula
