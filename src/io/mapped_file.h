/// A file in memory: mapped, and copied piece by piece where that is faster.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace losscalc::io {

/// A file descriptor that is closed with its scope, but for those of the standard streams.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile() { close(); }
  void close();
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

/// What is faster: to take the bytes where they are mapped, or copies of pieces of them.
enum class Access : std::uint8_t { mapped, copied, by_page_size };

class MappedFile {
 public:
  /// A piece that is copied has at least and at most so many bytes: with fewer, the calls cost more
  /// than the pages; with more, the copy leaves the processor's cache.
  static constexpr std::size_t least_copied = std::size_t{1} << 16U;
  static constexpr std::size_t max_copied = std::size_t{1} << 19U;

  /// Maps `size` > 0 bytes of a regular file. Throws Error(cannot_read).
  MappedFile(std::string file, OpenFile open, std::size_t size,
             Access access = Access::by_page_size);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

  /// Whether a piece of that many bytes is better copied: where the file lies in memory in pages of
  /// 4 KiB (as ext4 has it before Linux 6.16), to map each and unmap it takes longer than to copy.
  bool copies(std::size_t size) const;

  /// The same bytes as `part`, which are some of bytes() and at most `max_copied`, in memory of
  /// their own. Buffers that are given back are used again. Several threads may call at a time.
  /// Throws Error(cannot_read).
  std::shared_ptr<const std::byte[]> copy(std::span<const std::byte> part) const;

 private:
  class Buffers;

  std::string file_;
  OpenFile open_;
  std::span<const std::byte> bytes_;
  bool is_copied_;
  std::shared_ptr<Buffers> buffers_;
};

}  // namespace losscalc::io
