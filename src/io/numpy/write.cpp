#include "io/numpy/write.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include <cerrno>
#include <cstring>

#include "diagnostics/error.h"

namespace losscalc::io {
namespace {

[[noreturn]] void throw_cannot_write(const std::filesystem::path& path, const std::string& reason) {
  throw Error(ErrorCode::cannot_write, "cannot write: " + reason, Place{.file = path.string()});
}

}  // namespace

std::string npy_header(const Shape& shape) {
  constexpr std::size_t preamble = 10;
  constexpr std::size_t multiple = 64;
  std::string dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    dictionary += (axis > 0 ? " " : "") + std::to_string(shape[axis]) + ",";
  }
  dictionary += "), }";
  const std::size_t unpadded = preamble + dictionary.size() + 1;
  dictionary += std::string((multiple - unpadded % multiple) % multiple, ' ') + "\n";
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(dictionary.size() & 0xffU);
  header += static_cast<char>(dictionary.size() >> 8U);
  return header + dictionary;
}

MappedNpy::MappedNpy(const std::filesystem::path& path, const Shape& shape) : path_(path) {
  const std::string header = npy_header(shape);
  bytes_ = header.size() + element_count(shape) * sizeof(double);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0666);
  if (file < 0) throw_cannot_write(path, std::strerror(errno));
  // Space is reserved at once: a full disk must be an error here and not a signal when a page is
  // written.
  const int reserved = ::posix_fallocate(file, 0, static_cast<off_t>(bytes_));
  if (reserved == 0)
    mapping_ = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  const int reason = reserved != 0 ? reserved : errno;
  ::close(file);
  if (reserved != 0 || mapping_ == MAP_FAILED) {
    mapping_ = nullptr;
    throw_cannot_write(path, std::strerror(reason));
  }
  std::memcpy(mapping_, header.data(), header.size());
  auto* const bytes = static_cast<std::byte*>(mapping_) + header.size();
  values_ = {static_cast<double*>(static_cast<void*>(bytes)), element_count(shape)};
}

MappedNpy::~MappedNpy() {
  if (mapping_ != nullptr) ::munmap(mapping_, bytes_);
}

void MappedNpy::close() {
  const bool synced = ::msync(mapping_, bytes_, MS_SYNC) == 0;
  const int reason = errno;
  ::munmap(mapping_, bytes_);
  mapping_ = nullptr;
  if (!synced) throw_cannot_write(path_, std::strerror(reason));
}

void write_npz(const std::filesystem::path& path, const std::vector<NamedValues>& arrays) {
  int code = 0;
  std::unique_ptr<zip_t, void (*)(zip_t*)> archive(
      ::zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code),
      [](zip_t* open) { ::zip_discard(open); });
  if (!archive) throw_cannot_write(path, std::strerror(errno));
  std::vector<std::string> contents;
  contents.reserve(arrays.size());
  for (const NamedValues& array : arrays) {
    std::string& content = contents.emplace_back(npy_header(array.shape));
    const std::size_t start = content.size();
    content.resize(start + array.values.size() * sizeof(double));
    std::memcpy(content.data() + start, array.values.data(), array.values.size() * sizeof(double));
    zip_source_t* const source =
        ::zip_source_buffer(archive.get(), content.data(), content.size(), 0);
    if (source == nullptr || ::zip_file_add(archive.get(), (array.name + ".npy").c_str(), source,
                                            ZIP_FL_ENC_UTF_8) < 0) {
      throw_cannot_write(path, ::zip_strerror(archive.get()));
    }
  }
  if (::zip_close(archive.get()) != 0) throw_cannot_write(path, ::zip_strerror(archive.get()));
  // A closed archive is freed; it must not be discarded as well.
  static_cast<void>(archive.release());
}

}  // namespace losscalc::io
