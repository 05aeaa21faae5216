/// Where the elements of an NPY file lie.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "io/numpy/dtype.h"
#include "io/numpy/header.h"

namespace losscalc::io {

/// The elements of an array, or those of one field of a structured one.
struct NpyLayout {
  StoredType stored;
  Shape shape;
  std::vector<std::ptrdiff_t> strides;
  std::size_t offset;  ///< of the first one behind the header
  std::size_t bytes;   ///< of the whole array, with all of its fields
  Place place;
};

/// The layout of the field of this name, or of the array if it has no fields. Throws Error:
/// unsupported_type, malformed_npy for more bytes than a file has; missing_array for the wrong name
/// or none, bad_fragment for the name of a field where there are none.
NpyLayout npy_layout(const NpyHeader& header, std::string_view field, const Place& place);

/// The names of the fields of a structured dtype.
std::vector<std::string> field_names(const NpyHeader& header);

}  // namespace losscalc::io
