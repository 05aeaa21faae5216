/// Shapes of arrays, and positions in them in C order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// An axis of an array of `rank` axes counted from the front, where a negative one is counted from
/// the end; nothing if there is no such axis.
std::optional<std::size_t> resolved_axis(std::int64_t axis, std::size_t rank);

}  // namespace losscalc
