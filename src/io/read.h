/// FILE, FILE#FRAGMENT or '-' -> arrays. The one entry to all formats, compressed by gzip or zstd
/// or not: CSV/TSV, JSON, JSON Lines, NPY, NPZ, PNG.
#pragma once

#include <memory>
#include <string>

#include "io/array.h"
#include "io/container.h"

namespace losscalc::io {

/// Reads the one array that `reference` (FILE, FILE#FRAGMENT or -) holds. Throws Error:
/// cannot_read, bad_fragment, unknown_format, malformed_*, not_a_number, ragged, unsupported_type,
/// missing_array (several arrays and no fragment).
Array read_array(const std::string& reference, const ReadOptions& options);

/// Opens `reference` as a container. Throws Error as read_array does; a file with a single nameless
/// array is an Error(missing_array) whose hint says to use -p and -t.
std::unique_ptr<Container> open_container(const std::string& reference, const ReadOptions& options);

}  // namespace losscalc::io
