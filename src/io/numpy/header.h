/// The header of an NPY file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/error.h"
#include "numeric/shape.h"

namespace losscalc::io {

/// A field of a structured dtype. What fills up between others has no name.
struct NpyField {
  std::string name;
  std::string descr;
  Shape shape;  ///< of the field in each element
};

struct NpyHeader {
  std::string descr;  ///< the dtype, as NumPy writes it; empty for a structured one
  std::vector<NpyField> fields;
  bool fortran_order = false;
  Shape shape;
  std::size_t size = 0;  ///< in bytes; the numbers stand behind it
};

bool begins_as_npy(std::string_view text);

/// The header that `text` begins with. Throws Error: malformed_npy, unsupported_type for fields
/// that have fields or titles.
NpyHeader parse_npy_header(std::string_view text, const Place& place);

}  // namespace losscalc::io
