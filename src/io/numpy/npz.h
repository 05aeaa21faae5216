/// NPZ: a ZIP archive of NPY files, stored or deflated.
#pragma once

#include <memory>
#include <string_view>

#include "io/bytes.h"
#include "io/container.h"

namespace losscalc::io {

/// Opens the archive, of which the array `id`, if any, holds the keys of the samples. Throws
/// Error(malformed_npz).
std::unique_ptr<Container> open_npz(const Bytes& bytes, std::string_view id = {});

/// The array that `fragment` (NAME or NAME&col=...) names; without a fragment the only one. Throws
/// Error: malformed_npz, missing_array.
Array read_npz(const Bytes& bytes, std::string_view fragment, std::string_view id = {});

}  // namespace losscalc::io
