/// The dtypes of NPY files: which are read, and what to type for those that are not.
#pragma once

#include <cstddef>

#include "diagnostics/error.h"
#include "io/array.h"
#include "io/numpy/header.h"

namespace losscalc::io {

struct StoredType {
  ElementType type;
  std::size_t size;  ///< of an element, in bytes
  bool swapped;      ///< whether the bytes stand in the other order than the machine's
  /// Of text: whether its characters are 32-bit numbers (`<U3`), or bytes (`|S3`).
  bool is_utf32 = false;
  /// Whether the dtype says only that an element has two bytes.
  bool is_nameless = false;
};

/// Throws Error(unsupported_type), whose hint converts the file.
StoredType stored_type(const NpyHeader& header, const Place& place);

/// NumPy has no name for bfloat16: what ml_dtypes saves as `<V2` becomes `|V2` once it is loaded
/// and saved again, and other pairs of bytes could be called so, too. They are taken for bfloat16
/// only if all of them are numbers of the size that predictions have: integers would be tiny or no
/// numbers, and float16 of a few powers of two would spread over many. Throws
/// Error(unsupported_type) for others.
void check_nameless_bfloat16(const Array& array, const NpyHeader& header, const Place& place);

}  // namespace losscalc::io
