#include "io/spool.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "diagnostics/error.h"

namespace losscalc::io {
namespace {

/// /var/tmp goes before /tmp, which is often held in memory.
std::string temporary_folder() {
  const char* const named = std::getenv("TMPDIR");
  if (named != nullptr && *named != '\0') return named;
  return ::access("/var/tmp", W_OK | X_OK) == 0 ? "/var/tmp" : "/tmp";
}

}  // namespace

Spool::Spool(std::size_t max_in_memory)
    : max_in_memory_(max_in_memory),
      folder_(temporary_folder()),
      held_(std::make_shared<std::vector<std::byte>>()) {}

Spool::~Spool() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Spool::append(std::span<const std::byte> bytes) {
  size_ += bytes.size();
  if (descriptor_ < 0 && size_ > max_in_memory_) open_file();
  if (descriptor_ >= 0) {
    write(bytes);
  } else {
    // Room that is not written to costs no memory, and growth would cost twice what is held.
    if (size_ > held_->capacity()) held_->reserve(max_in_memory_);
    held_->insert(held_->end(), bytes.begin(), bytes.end());
  }
}

void Spool::open_file() {
  std::string name = folder_ + "/losscalc-XXXXXX";
  descriptor_ = ::mkstemp(name.data());
  if (descriptor_ < 0) fail();
  ::unlink(name.c_str());
  write(*held_);
  held_ = std::make_shared<std::vector<std::byte>>();
}

void Spool::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(descriptor_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail();
    bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
}

void Spool::fail() const {
  throw Error(ErrorCode::cannot_write,
              std::string("cannot write a temporary file: ") + std::strerror(errno),
              Place{.file = folder_}, "set TMPDIR to a folder with room for all of the input");
}

Bytes Spool::finish(const std::string& file) {
  if (descriptor_ < 0) {
    const std::span<const std::byte> data(*held_);
    return {.file = file, .data = data, .owner = std::move(held_)};
  }
  void* const address = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor_, 0);
  if (address == MAP_FAILED) fail();
  std::shared_ptr<const void> owner(
      address, [size = size_](const void* mapped) { ::munmap(const_cast<void*>(mapped), size); });
  return {.file = file,
          .data = {static_cast<const std::byte*>(address), size_},
          .owner = std::move(owner)};
}

}  // namespace losscalc::io
