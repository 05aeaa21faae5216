#include "io/bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/mapped_file.h"
#include "io/spool.h"
#include "text/nearest.h"

namespace losscalc::io {
namespace {

std::string nearest_file(const std::string& file) {
  const std::filesystem::path path(file);
  const std::filesystem::path folder =
      path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  const std::vector<std::string> best = text::nearest(path.filename().string(), names);
  return best.empty() ? "" : "did you mean " + (path.parent_path() / best.front()).string() + "?";
}

[[noreturn]] void throw_cannot_read(const std::string& file, int reason) {
  throw Error(ErrorCode::cannot_read, std::string("cannot read: ") + std::strerror(reason),
              Place{.file = file}, reason == ENOENT ? nearest_file(file) : "");
}

Bytes read_to_end(const std::string& file, int descriptor) {
  Spool spool;
  std::vector<std::byte> piece(std::size_t{1} << 20U);
  for (;;) {
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_cannot_read(file, errno);
    if (got == 0) return spool.finish(file);
    spool.append(std::span(piece).first(static_cast<std::size_t>(got)));
  }
}

/// A file that is redirected to standard input is mapped like any other, if nothing of it is read
/// yet.
Bytes read_open(const std::string& file, OpenFile open) {
  struct stat status {};
  if (::fstat(open.descriptor(), &status) != 0) throw_cannot_read(file, errno);
  if (S_ISDIR(status.st_mode)) throw_cannot_read(file, EISDIR);
  if (!S_ISREG(status.st_mode) || ::lseek(open.descriptor(), 0, SEEK_CUR) != 0)
    return read_to_end(file, open.descriptor());
  if (status.st_size == 0) return {.file = file};
  const auto size = static_cast<std::size_t>(status.st_size);
  const auto mapped = std::make_shared<const MappedFile>(file, std::move(open), size);
  return {.file = file, .data = mapped->bytes(), .owner = mapped, .mapped = mapped};
}

}  // namespace

std::string_view Bytes::text() const {
  return {static_cast<const char*>(static_cast<const void*>(data.data())), data.size()};
}

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

Bytes load(const std::string& file) {
  if (file == "-") {
    if (::isatty(STDIN_FILENO) == 1) {
      throw Error(ErrorCode::missing_argument,
                  "standard input is a terminal, and input is expected there", {},
                  "pipe a file into it, or name a file");
    }
    return read_open("-", OpenFile(STDIN_FILENO));
  }
  OpenFile open(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (open.descriptor() < 0) throw_cannot_read(file, errno);
  return read_open(file, std::move(open));
}

Reference split_reference(const std::string& reference) {
  std::error_code error;
  const std::size_t mark = reference.find('#');
  if (mark == std::string::npos || std::filesystem::exists(reference, error))
    return {reference, ""};
  return {reference.substr(0, mark), reference.substr(mark + 1)};
}

}  // namespace losscalc::io
