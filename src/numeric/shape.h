/// Shapes of arrays, and positions in them in C order.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace losscalc {

/// The length of each axis; empty for a single number.
using Shape = std::vector<std::size_t>;

/// The number of elements of a shape; 1 for the empty shape. The product must not overflow, unless
/// a length is zero.
std::size_t element_count(const Shape& shape);

/// `[2,3]`.
std::string to_string(const Shape& shape);

/// The index along each axis of the element at a C-order position.
std::vector<std::size_t> multi_index(std::size_t position, const Shape& shape);

}  // namespace losscalc
