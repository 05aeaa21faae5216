/// Text in NPY files.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "io/array.h"
#include "io/numpy/dtype.h"

namespace losscalc::io {

/// The words that stand in `elements` at these strides, in UTF-8, without the zeros that fill them
/// up. `owner` keeps the bytes alive. Reading throws Error(malformed_npy) for what is no character,
/// naming `place`.
std::shared_ptr<const ElementSource> npy_words(std::span<const std::byte> elements,
                                               const StoredType& stored, const Shape& shape,
                                               const std::vector<std::ptrdiff_t>& strides,
                                               std::shared_ptr<const void> owner,
                                               const Place& place);

}  // namespace losscalc::io
