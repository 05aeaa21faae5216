/// NPY, NumPy's array file (NumPy Enhancement Proposal 1; versions 1.0, 2.0 and 3.0).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "io/array.h"
#include "io/bytes.h"
#include "io/container.h"

namespace losscalc::io {

/// `member` is the name of the array within an archive, for messages; empty for a file. `fragment`
/// is empty, `col=...`, which selects columns of a two-dimensional array, or, in a file, the name
/// of a field, with or without `&col=...`. Throws Error: malformed_npy, unsupported_type (dtypes of
/// objects, complex numbers, times, ...), bad_fragment, missing_array.
Array read_npy(const Bytes& bytes, const std::string& member, std::string_view fragment);

/// The fields of a structured array by name, `id` being that of the keys of samples, if any;
/// nothing if the array has no fields. Throws Error(malformed_npy, unsupported_type).
std::unique_ptr<Container> open_npy(const Bytes& bytes, std::string_view id);

}  // namespace losscalc::io
