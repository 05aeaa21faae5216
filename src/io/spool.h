/// Bytes that arrive one after the other and whose number is not known before.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/bytes.h"

namespace losscalc::io {

/// Keeps up to 64 MiB in memory; more goes to a file without a name in $TMPDIR, else in /var/tmp or
/// /tmp, which is mapped at the end and vanishes with its last user.
class Spool {
 public:
  explicit Spool(std::size_t max_in_memory = std::size_t{64} << 20U);
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  /// Throws Error(cannot_write) if the folder is full or can't be written.
  void append(std::span<const std::byte> bytes);

  std::size_t size() const { return size_; }

  /// All that was appended, as the content of `file`; nothing may be appended after.
  Bytes finish(const std::string& file);

 private:
  void open_file();
  void write(std::span<const std::byte> bytes);
  [[noreturn]] void fail() const;

  std::size_t max_in_memory_;
  std::string folder_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
  std::shared_ptr<std::vector<std::byte>> held_;
};

}  // namespace losscalc::io
