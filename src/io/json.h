/// JSON documents and JSON Lines as arrays, read with simdjson; fragments are JSON Pointers (RFC
/// 6901).
#pragma once

#include <memory>
#include <string_view>

#include "io/bytes.h"
#include "io/read.h"

namespace losscalc::io {

/// The array at the pointer (the whole document without a fragment). Nested arrays of any rank up
/// to 32, numbers, booleans as 0 and 1, "NaN", "Infinity" and "-Infinity" among numbers; other
/// texts are words. Throws Error: malformed_json with line and column, ragged and not_a_number with
/// the path, bad_fragment.
Array read_json(const Bytes& bytes, std::string_view fragment, bool lines);

/// The arrays of an object, or of records: an array of objects or, with `lines`, one object on each
/// line.
std::unique_ptr<Container> open_json(const Bytes& bytes, std::string_view fragment, bool lines);

}  // namespace losscalc::io
