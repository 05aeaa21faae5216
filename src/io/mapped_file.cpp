#include "io/mapped_file.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "diagnostics/error.h"

namespace losscalc::io {
namespace {

/// A data set may have more files than a process may have open: those behind the first are not kept
/// so.
constexpr int max_descriptor = 100;

[[noreturn]] void throw_cannot_read(const std::string& file, const std::string& reason) {
  throw Error(ErrorCode::cannot_read, "cannot read: " + reason, Place{.file = file});
}

long page_faults() {
  struct rusage usage {};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

/// Whether many faults are needed to map a part: Linux maps 64 KiB around each, unless the pages
/// are larger. The part is in the middle, because the beginning of a file is read into small pages
/// until the system sees that it is read in turn. Of short files nothing is asked.
bool has_small_pages(std::span<const std::byte> bytes) {
  constexpr std::size_t probed = std::size_t{1} << 20U;
  constexpr std::size_t step = 4096;
  constexpr long max_faults_of_large_pages = 10;
  if (bytes.size() < 64 * probed) return false;
  const std::span<const std::byte> part = bytes.subspan(bytes.size() / 2, probed);
  const long before = page_faults();
  for (std::size_t at = 0; at < probed; at += step) {
    const volatile std::byte* const page = &part[at];
    static_cast<void>(*page);
  }
  return page_faults() - before > max_faults_of_large_pages;
}

}  // namespace

OpenFile::OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

void OpenFile::close() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
  descriptor_ = -1;
}

/// Buffers of `max_copied` bytes that nobody uses at the moment.
class MappedFile::Buffers {
 public:
  using Buffer = std::unique_ptr<std::byte[]>;

  Buffer take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique_for_overwrite<std::byte[]>(max_copied);
    Buffer buffer = std::move(free_.back());
    free_.pop_back();
    return buffer;
  }

  void give_back(Buffer buffer) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(buffer));
  }

 private:
  std::mutex mutex_;
  std::vector<Buffer> free_;
};

MappedFile::MappedFile(std::string file, OpenFile open, std::size_t size, Access access)
    : file_(std::move(file)), open_(std::move(open)), buffers_(std::make_shared<Buffers>()) {
  void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, open_.descriptor(), 0);
  if (address == MAP_FAILED) throw_cannot_read(file_, std::strerror(errno));
  ::madvise(address, size, MADV_SEQUENTIAL);
  bytes_ = {static_cast<const std::byte*>(address), size};
  const bool keeps_open = open_.descriptor() < max_descriptor;
  is_copied_ = access == Access::copied ||
               (access == Access::by_page_size && keeps_open && has_small_pages(bytes_));
  if (!is_copied_) open_.close();
}

MappedFile::~MappedFile() { ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size()); }

bool MappedFile::copies(std::size_t size) const {
  return is_copied_ && size >= least_copied && size <= max_copied;
}

std::shared_ptr<const std::byte[]> MappedFile::copy(std::span<const std::byte> part) const {
  Buffers::Buffer taken = buffers_->take();
  const std::shared_ptr<std::byte[]> buffer(taken.release(), [buffers = buffers_](std::byte* held) {
    buffers->give_back(Buffers::Buffer(held));
  });
  auto offset = part.data() - bytes_.data();
  for (std::span<std::byte> rest(buffer.get(), part.size()); !rest.empty();) {
    const ssize_t got = ::pread(open_.descriptor(), rest.data(), rest.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_cannot_read(file_, std::strerror(errno));
    if (got == 0) throw_cannot_read(file_, "the file became shorter while it was read");
    rest = rest.subspan(static_cast<std::size_t>(got));
    offset += got;
  }
  return buffer;
}

}  // namespace losscalc::io
