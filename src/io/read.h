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

/// What is known of a file before any array of it is read.
struct FileFacts {
  std::string file;
  std::string fragment;
  const Format* format = nullptr;
  std::string compression;  ///< empty if there is none
  std::size_t bytes = 0;    ///< unpacked
};

/// Throws Error as open_container does for what can't be opened.
FileFacts file_facts(const std::string& reference, const ReadOptions& options);

}  // namespace losscalc::io
