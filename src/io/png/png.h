/// PNG images of one channel (ISO/IEC 15948) as masks: the numbers of their pixels as they are
/// stored.
#pragma once

#include <string_view>

#include "io/array.h"
#include "io/bytes.h"

namespace losscalc::io {

/// A batch of one image, [1,H,W], so that images one behind the other are a batch of several. The
/// numbers are the grey values of 1 to 16 bits, not stretched to 8 bits, or the indices into the
/// palette; an alpha channel must be opaque. The fragment `value=255` gives 1 where a pixel has
/// this number and 0 elsewhere; a palette of grey colours in an order of its own needs `index` or
/// `grey`. Fragments are joined by '&'. Pixels are decoded when they are asked for. Throws Error:
/// malformed_png, unsupported_type for colours, bad_fragment.
Array read_png(const Bytes& bytes, std::string_view fragment);

}  // namespace losscalc::io
