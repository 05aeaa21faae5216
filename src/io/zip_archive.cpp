#include "io/zip_archive.h"

#include <zip.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "io/spool.h"

namespace losscalc::io {
namespace {

using Handle = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using Member = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

}  // namespace

/// The archive's bytes as libzip reads them. libzip doesn't say where in the archive a member
/// stands; where it reads does.
class WatchedSource {
 public:
  explicit WatchedSource(std::span<const std::byte> data) : data_(data) {
    ::zip_error_init(&error_);
  }
  WatchedSource(const WatchedSource&) = delete;
  WatchedSource& operator=(const WatchedSource&) = delete;
  ~WatchedSource() { ::zip_error_fini(&error_); }

  zip_source_t* create(zip_error_t* error) {
    return ::zip_source_function_create(&WatchedSource::call, this, error);
  }

  void watch() { first_read_.reset(); }
  /// What stands where libzip read first since watch().
  std::span<const std::byte> first_read() const {
    return first_read_ ? data_.subspan(*first_read_) : std::span<const std::byte>{};
  }

 private:
  static zip_int64_t call(void* self, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    return static_cast<WatchedSource*>(self)->answer(data, length, command);
  }

  zip_int64_t answer(void* data, zip_uint64_t length, zip_source_cmd_t command) {
    switch (command) {
      case ZIP_SOURCE_OPEN: position_ = 0; return 0;
      case ZIP_SOURCE_READ: return read(static_cast<std::byte*>(data), length);
      case ZIP_SOURCE_SEEK: {
        const zip_int64_t to =
            ::zip_source_seek_compute_offset(position_, data_.size(), data, length, &error_);
        if (to < 0) return -1;
        position_ = static_cast<std::size_t>(to);
        return 0;
      }
      case ZIP_SOURCE_TELL: return static_cast<zip_int64_t>(position_);
      case ZIP_SOURCE_STAT: {
        auto* const status = static_cast<zip_stat_t*>(data);
        ::zip_stat_init(status);
        status->valid = ZIP_STAT_SIZE;
        status->size = data_.size();
        return sizeof(zip_stat_t);
      }
      case ZIP_SOURCE_ERROR: return ::zip_error_to_data(&error_, data, length);
      case ZIP_SOURCE_SUPPORTS:
        return ::zip_source_make_command_bitmap(
            ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
            ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
      default: return 0;
    }
  }

  zip_int64_t read(std::byte* out, zip_uint64_t length) {
    if (!first_read_) first_read_ = position_;
    const std::size_t count = std::min<std::size_t>(length, data_.size() - position_);
    std::copy_n(data_.data() + position_, count, out);
    position_ += count;
    return static_cast<zip_int64_t>(count);
  }

  std::span<const std::byte> data_;
  std::size_t position_ = 0;
  std::optional<std::size_t> first_read_;
  zip_error_t error_{};
};

namespace {

bool stands_at(std::span<const std::byte> whole, std::size_t offset,
               std::span<const std::byte> part) {
  return offset + part.size() <= whole.size() &&
         std::memcmp(whole.data() + offset, part.data(), part.size()) == 0;
}

}  // namespace

struct ZipArchive::State {
  explicit State(std::span<const std::byte> data) : source(data), handle(nullptr, &zip_discard) {}

  WatchedSource source;
  Handle handle;
};

ZipArchive::ZipArchive(Bytes bytes, ErrorCode malformed, std::string kind)
    : bytes_(std::move(bytes)),
      malformed_(malformed),
      kind_(std::move(kind)),
      state_(std::make_unique<State>(bytes_.data)) {
  open();
  const zip_int64_t count = ::zip_get_num_entries(state_->handle.get(), 0);
  for (zip_int64_t k = 0; k < count; ++k) {
    const char* const name =
        ::zip_get_name(state_->handle.get(), static_cast<zip_uint64_t>(k), ZIP_FL_ENC_GUESS);
    names_.emplace_back(name == nullptr ? "" : name);
  }
}

ZipArchive::~ZipArchive() = default;

void ZipArchive::open() {
  zip_error_t error;
  ::zip_error_init(&error);
  zip_source_t* const source = state_->source.create(&error);
  zip_t* const archive =
      source == nullptr ? nullptr : ::zip_open_from_source(source, ZIP_RDONLY, &error);
  const std::string reason = archive == nullptr ? ::zip_error_strerror(&error) : "";
  ::zip_error_fini(&error);
  if (archive == nullptr) {
    if (source != nullptr) ::zip_source_free(source);
    fail("", reason);
  }
  state_->handle.reset(archive);
}

void ZipArchive::fail(const std::string& member, const std::string& reason) const {
  throw Error(malformed_, "not a well-formed " + kind_ + ": " + reason,
              Place{.file = bytes_.file, .path = member});
}

std::optional<std::size_t> ZipArchive::find(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

Bytes ZipArchive::content(std::size_t index, const std::string& member) const {
  zip_t* const archive = state_->handle.get();
  zip_stat_t status;
  const auto number = static_cast<zip_uint64_t>(index);
  if (::zip_stat_index(archive, number, 0, &status) != 0 || (status.valid & ZIP_STAT_SIZE) == 0)
    fail(member, ::zip_strerror(archive));
  const Member file(::zip_fopen_index(archive, number, 0), &zip_fclose);
  if (!file) fail(member, ::zip_strerror(archive));
  state_->source.watch();
  Spool spool;
  std::vector<std::byte> piece(std::size_t{1} << 20U);
  std::size_t size = 0;
  std::span<const std::byte> in_place;
  for (;;) {
    // The size in the directory is a claim: memory grows with what is really there.
    const zip_int64_t got = ::zip_fread(file.get(), piece.data(), piece.size());
    if (got < 0) fail(member, ::zip_file_strerror(file.get()));
    if (got == 0) break;
    const auto read = std::span(piece).first(static_cast<std::size_t>(got));
    if (size == 0) in_place = state_->source.first_read();
    if (!stands_at(in_place, size, read)) {
      spool.append(in_place.first(size - spool.size()));
      in_place = {};
      spool.append(read);
    }
    size += read.size();
  }
  if (size != status.size) fail(member, "a member is cut short");
  if (in_place.empty()) return spool.finish(bytes_.file);
  return {.file = bytes_.file,
          .data = in_place.first(size),
          .owner = bytes_.owner,
          .mapped = bytes_.mapped};
}

}  // namespace losscalc::io
