/// Writing results: standard output or a file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace losscalc::commands {

/// A file that is written beside its place and moved there by commit(); without commit() nothing is
/// left of it.
class PendingFile {
 public:
  explicit PendingFile(std::filesystem::path target);
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile();

  const std::filesystem::path& path() const { return temporary_; }

  /// Throws Error(cannot_write).
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
};

/// Writes `text` to `file`, or to standard output where there is none or it is '-'. Throws
/// Error(cannot_write).
void write_result(const std::string& text, const std::optional<std::string>& file);

}  // namespace losscalc::commands
