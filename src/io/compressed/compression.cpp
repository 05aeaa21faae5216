#include "io/compressed/compression.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "diagnostics/error.h"
#include "io/compressed/gzip.h"
#include "io/compressed/zstandard.h"
#include "io/spool.h"

namespace losscalc::io {

const std::vector<Compression>& compressions() {
  static const std::vector<Compression> table{
      {.name = "gzip",
       .endings = {".gz", ".gzip"},
       .unpacked_by = "gunzip -k",
       .begins = begins_as_gzip,
       .unpack = unpack_gzip},
      {.name = "zstd",
       .endings = {".zst", ".zstd"},
       .unpacked_by = "zstd -d",
       .begins = begins_as_zstandard,
       .unpack = unpack_zstandard},
  };
  return table;
}

const Compression* compression_of(std::string_view content) {
  const auto found = std::ranges::find_if(
      compressions(), [content](const Compression& row) { return row.begins(content); });
  return found == compressions().end() ? nullptr : &*found;
}

const Compression* compression_of_file(const std::string& file) {
  std::string ending = std::filesystem::path(file).extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = std::ranges::find_if(compressions(), [&](const Compression& row) {
    return std::ranges::find(row.endings, ending) != row.endings.end();
  });
  return found == compressions().end() ? nullptr : &*found;
}

std::string without_compression(const std::string& file) {
  if (compression_of_file(file) == nullptr) return file;
  return file.substr(0, file.size() - std::filesystem::path(file).extension().string().size());
}

Bytes decompressed(const Bytes& bytes) {
  const Compression* const compression = compression_of(bytes.text());
  if (compression == nullptr) return bytes;
  Spool spool;
  compression->unpack(bytes, spool);
  Bytes content = spool.finish(bytes.file);
  if (const Compression* const inner = compression_of(content.text())) {
    throw Error(ErrorCode::malformed_compression,
                "the content is compressed twice: by " + std::string(inner->name) + ", then by " +
                    std::string(compression->name),
                Place{.file = bytes.file},
                "unpack it once: " + std::string(compression->unpacked_by) + " " + bytes.file);
  }
  return content;
}

}  // namespace losscalc::io
