/// A ZIP archive in memory, its members stored or deflated.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/error.h"
#include "io/bytes.h"

namespace losscalc::io {

class ZipArchive {
 public:
  /// Throws Error of code `malformed`, here and where a member is read; `kind` is what its message
  /// calls the archive.
  ZipArchive(Bytes bytes, ErrorCode malformed, std::string kind);
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;
  ~ZipArchive();

  const std::string& file() const { return bytes_.file; }
  /// The names of the members, in their order.
  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::size_t> find(std::string_view name) const;

  /// A member's bytes: inflated, or in place where they are stored. These are read once all the
  /// same, because libzip verifies the checksum only when it comes to the end. `member` is what
  /// messages call it.
  Bytes content(std::size_t index, const std::string& member) const;

 private:
  struct State;

  void open();
  [[noreturn]] void fail(const std::string& member, const std::string& reason) const;

  Bytes bytes_;
  ErrorCode malformed_;
  std::string kind_;
  std::unique_ptr<State> state_;
  std::vector<std::string> names_;
};

}  // namespace losscalc::io
