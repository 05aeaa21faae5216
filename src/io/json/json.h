/// JSON documents and JSON Lines as arrays, read with simdjson; fragments are JSON Pointers (RFC
/// 6901).
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "io/bytes.h"
#include "io/container.h"

namespace losscalc::io {

/// How texts are taken apart that are too large to be parsed whole.
struct JsonBlocks {
  std::size_t from = std::size_t{1} << 20U;  ///< the size in bytes from which a text is
  std::size_t size = std::size_t{1} << 18U;  ///< about what is parsed at a time
};

/// The array at the pointer (the whole document without a fragment). Nested arrays of any rank up
/// to 32, numbers, booleans as 0 and 1, "NaN", "Infinity" and "-Infinity" among numbers; other
/// texts are words. Where the pointer leads to an array of objects and goes on with a key or with
/// `*`, the array is that part of each of them; an object of numbers there is a row, whose keys
/// name the columns. An object is the array that array_of_object() makes of it. With `id`, the
/// keys() are what stands under that key in the same records, or beside the array. Throws Error:
/// malformed_json with line and column, ragged and not_a_number with the path, bad_fragment,
/// missing_array. What is wrong with elements of a large text is thrown when they are read, and
/// what stands in none of its arrays that are read is not looked into.
Array read_json(const Bytes& bytes, std::string_view fragment, bool lines,
                const JsonBlocks& blocks = {}, std::string_view id = {});

/// The arrays of an object, or of records: an array of objects or, with `lines`, one object on each
/// line.
std::unique_ptr<Container> open_json(const Bytes& bytes, std::string_view fragment, bool lines,
                                     const JsonBlocks& blocks = {}, std::string_view id = {});

}  // namespace losscalc::io
