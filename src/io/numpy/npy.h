/// NPY, NumPy's array file (NumPy Enhancement Proposal 1; versions 1.0, 2.0 and 3.0).
#pragma once

#include <string>
#include <string_view>

#include "io/array.h"
#include "io/bytes.h"

namespace losscalc::io {

/// `member` is the name of the array within an archive, for messages; empty for a file. `fragment`
/// is empty or `col=...`, which selects columns of a two-dimensional array. Throws Error:
/// malformed_npy, unsupported_type (object, complex, structured, text and time dtypes),
/// bad_fragment.
Array read_npy(const Bytes& bytes, const std::string& member, std::string_view fragment);

}  // namespace losscalc::io
