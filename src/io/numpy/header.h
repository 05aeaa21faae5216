/// The header of an NPY file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "diagnostics/error.h"
#include "numeric/shape.h"

namespace losscalc::io {

struct NpyHeader {
  std::string descr;  ///< the dtype, as NumPy writes it
  bool fortran_order = false;
  Shape shape;
  std::size_t size = 0;  ///< in bytes; the numbers stand behind it
};

bool begins_as_npy(std::string_view text);

/// The header that `text` begins with. Throws Error: malformed_npy, unsupported_type for a dtype of
/// several fields.
NpyHeader parse_npy_header(std::string_view text, const Place& place);

}  // namespace losscalc::io
