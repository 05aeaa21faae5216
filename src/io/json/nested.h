/// Large nested arrays, parsed block by block as they are read.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "io/array.h"
#include "io/json/flattener.h"
#include "io/json/large.h"

namespace losscalc::io {

/// The node, which is an array, as one array. Throws Error as JsonFlattener does; what is wrong
/// beyond the first elements is found when it is read.
Array nested_array(const std::shared_ptr<const LargeJson>& document, std::size_t node,
                   const JsonPlace& place);

/// Whether arrays of this shape can't be as long as that in a text of `size` bytes: then they are
/// ragged, and their product may overflow.
bool exceeds(const Shape& shape, std::size_t size);

/// As many blocks of decoded elements as a cache of bounded size may keep, the largest of them
/// given.
std::size_t cached_blocks(std::size_t largest_elements, bool are_words);

/// Maps an index to the place below `root`.
Locator locator_below(const JsonPlace& root);

/// Copies the part of a block that begins at position `offset` of it; returns how many elements.
std::size_t copy_from(const JsonValues& block, std::size_t offset, std::span<double> out);
std::size_t copy_from(const JsonValues& block, std::size_t offset, std::span<std::string> out);

}  // namespace losscalc::io
