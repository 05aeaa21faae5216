/// Files that are compressed as a whole: gzip (RFC 1952) and Zstandard (RFC 8878).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/bytes.h"

namespace losscalc::io {

class Spool;

struct Compression {
  std::string_view name;
  std::vector<std::string_view> endings;
  /// The command that unpacks a file beside it.
  std::string_view unpacked_by;
  bool (*begins)(std::string_view content);
  /// Appends all that the bytes hold.
  void (*unpack)(const Bytes& bytes, Spool& out);
};

const std::vector<Compression>& compressions();

/// The compression that the first bytes tell, whatever the file is called, or nothing.
const Compression* compression_of(std::string_view content);

/// The compression that the ending of a file's name tells, in any case of letters, or nothing.
const Compression* compression_of_file(const std::string& file);

/// A file's name without the ending of a compression: `d.csv` for `d.csv.gz`.
std::string without_compression(const std::string& file);

/// What the bytes are compressed from, as the content of the same file, in bounded memory; bytes
/// that are not compressed are given back. A file of which the content is in use is not unpacked
/// again. Throws Error(malformed_compression) for what is cut
/// short, corrupt, compressed twice or followed by something else.
Bytes decompressed(const Bytes& bytes);

}  // namespace losscalc::io
