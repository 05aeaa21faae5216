#include "io/compressed/compression.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <tuple>

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

namespace {

Bytes unpacked(const Bytes& bytes, const Compression& compression) {
  Spool spool;
  compression.unpack(bytes, spool);
  Bytes content = spool.finish(bytes.file);
  if (const Compression* const inner = compression_of(content.text())) {
    throw Error(ErrorCode::malformed_compression,
                "the content is compressed twice: by " + std::string(inner->name) + ", then by " +
                    std::string(compression.name),
                Place{.file = bytes.file},
                "unpack it once: " + std::string(compression.unpacked_by) + " " + bytes.file);
  }
  return content;
}

/// What was unpacked of files and is still in use, so that several arrays of one file unpack it
/// once.
class UnpackedFiles {
 public:
  Bytes get(const Bytes& bytes, const Compression& compression) {
    struct stat status {};
    if (!bytes.mapped || ::stat(bytes.file.c_str(), &status) != 0)
      return unpacked(bytes, compression);
    const File file{status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
                    status.st_mtim.tv_nsec};
    const std::lock_guard lock(mutex_);
    Content& held = contents_[file];
    if (const auto owner = held.owner.lock())
      return {.file = bytes.file, .data = held.data, .owner = owner};
    Bytes content = unpacked(bytes, compression);
    held = {content.data, content.owner};
    return content;
  }

 private:
  /// Device, number, size and time of the last change.
  using File = std::tuple<dev_t, ino_t, off_t, time_t, long>;
  struct Content {
    std::span<const std::byte> data = {};
    std::weak_ptr<const void> owner = {};
  };

  std::mutex mutex_;
  std::map<File, Content> contents_;
};

}  // namespace

Bytes decompressed(const Bytes& bytes) {
  static UnpackedFiles files;
  const Compression* const compression = compression_of(bytes.text());
  return compression == nullptr ? bytes : files.get(bytes, *compression);
}

}  // namespace losscalc::io
