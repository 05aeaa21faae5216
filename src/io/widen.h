/// Numbers of every stored type as doubles: the inner loops of Array::read.
#pragma once

#include <cstddef>

#include "io/array.h"

namespace losscalc::io {

/// Widens `count` elements that lie `stride` bytes apart, the first at `data`.
using Widen = void (*)(const std::byte* data, std::ptrdiff_t stride, std::size_t count,
                       double* out);

/// The loop for a numeric type; `swapped` if the bytes stand in the other order than the machine's.
/// Elements one after the other take a path that compilers vectorise, whatever their alignment.
Widen widen_loop(ElementType type, bool swapped);

}  // namespace losscalc::io
