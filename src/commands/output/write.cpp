#include "commands/output/write.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "diagnostics/error.h"

namespace losscalc::commands {
namespace {

[[noreturn]] void throw_cannot_write(const std::string& file, const std::string& reason) {
  throw Error(ErrorCode::cannot_write, "cannot write: " + reason, Place{.file = file});
}

void write_standard_output(const std::string& text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return;
  // EPIPE: the reader has finished, which is no error.
  if (errno != EPIPE) throw_cannot_write("standard output", std::strerror(errno));
}

/// Devices and pipes (/dev/stdout, /dev/null) can't be replaced by a file; they are written in
/// place.
bool can_be_replaced(const std::filesystem::path& target) {
  std::error_code ignored;
  const auto status = std::filesystem::status(target, ignored);
  return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
}

/// What a symbolic link points to, so that the link stays one.
std::filesystem::path followed(std::filesystem::path target) {
  std::error_code error;
  if (!std::filesystem::is_symlink(target, error)) return target;
  std::filesystem::path real = std::filesystem::canonical(target, error);
  return error ? target : real;
}

}  // namespace

PendingFile::PendingFile(std::filesystem::path target)
    : target_(followed(std::move(target))), temporary_(target_) {
  if (std::filesystem::is_directory(target_))
    throw_cannot_write(target_.string(), "it is a directory");
  if (!can_be_replaced(target_)) return;
  temporary_ += ".tmp" + std::to_string(::getpid());
  constexpr unsigned permissions = 0666;
  const int descriptor = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, permissions);
  if (descriptor < 0) throw_cannot_write(target_.string(), std::strerror(errno));
  ::close(descriptor);
}

PendingFile::~PendingFile() {
  if (temporary_ == target_) return;
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void PendingFile::commit() {
  if (temporary_ == target_) return;
  std::error_code error;
  std::filesystem::rename(temporary_, target_, error);
  if (error) throw_cannot_write(target_.string(), error.message());
}

void write_result(const std::string& text, const std::optional<std::string>& file) {
  if (!file || *file == "-") {
    write_standard_output(text);
    return;
  }
  PendingFile pending(*file);
  errno = 0;
  std::ofstream stream(pending.path(), std::ios::binary);
  stream.write(text.data(), static_cast<std::streamsize>(text.size()));
  stream.close();
  if (!stream) throw_cannot_write(*file, std::strerror(errno));
  pending.commit();
}

}  // namespace losscalc::commands
