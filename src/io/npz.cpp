#include "io/npz.h"

#include <zip.h>

#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/npy.h"
#include "io/phrases.h"
#include "io/spool.h"

namespace losscalc::io {
namespace {

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using Member = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

[[noreturn]] void throw_malformed(const std::string& file, const std::string& member,
                                  const std::string& reason) {
  throw Error(ErrorCode::malformed_npz, "not a well-formed NPZ archive: " + reason,
              Place{.file = file, .path = member});
}

class NpzContainer final : public Container {
 public:
  explicit NpzContainer(Bytes bytes) : bytes_(std::move(bytes)), archive_(opened(bytes_)) {
    const zip_int64_t count = ::zip_get_num_entries(archive_.get(), 0);
    for (zip_int64_t k = 0; k < count; ++k) {
      const char* const name =
          ::zip_get_name(archive_.get(), static_cast<zip_uint64_t>(k), ZIP_FL_ENC_GUESS);
      if (name != nullptr) names_.push_back(without_ending(name));
    }
  }

  std::vector<std::string> names() const override { return names_; }

  Array array(std::string_view name) const override { return selected(name, ""); }

  Array selected(std::string_view name, std::string_view fragment) const {
    for (std::size_t k = 0; k < names_.size(); ++k) {
      if (names_[k] == name) return read_npy(content(k), names_[k], fragment);
    }
    throw Error(ErrorCode::missing_array, "there is no array " + quoted(name),
                Place{.file = bytes_.file}, choices(name, names_));
  }

 private:
  static std::string without_ending(std::string name) {
    if (name.ends_with(".npy")) name.erase(name.size() - 4);
    return name;
  }

  static Archive opened(const Bytes& bytes) {
    zip_error_t error;
    ::zip_error_init(&error);
    zip_source_t* const source =
        ::zip_source_buffer_create(bytes.data.data(), bytes.data.size(), 0, &error);
    zip_t* const archive =
        source == nullptr ? nullptr : ::zip_open_from_source(source, ZIP_RDONLY, &error);
    const std::string reason = archive == nullptr ? ::zip_error_strerror(&error) : "";
    ::zip_error_fini(&error);
    if (archive == nullptr) {
      if (source != nullptr) ::zip_source_free(source);
      throw_malformed(bytes.file, "", reason);
    }
    return {archive, &zip_discard};
  }

  /// A member's bytes, inflated; libzip verifies the checksum once the end is read.
  Bytes content(std::size_t index) const {
    zip_stat_t status;
    const auto number = static_cast<zip_uint64_t>(index);
    if (::zip_stat_index(archive_.get(), number, 0, &status) != 0 ||
        (status.valid & ZIP_STAT_SIZE) == 0) {
      throw_malformed(bytes_.file, names_[index], ::zip_strerror(archive_.get()));
    }
    const Member member(::zip_fopen_index(archive_.get(), number, 0), &zip_fclose);
    if (!member) throw_malformed(bytes_.file, names_[index], ::zip_strerror(archive_.get()));
    Spool spool;
    std::vector<std::byte> piece(std::size_t{1} << 20U);
    for (;;) {
      // The size in the directory is a claim: memory grows with what is really there.
      const zip_int64_t got = ::zip_fread(member.get(), piece.data(), piece.size());
      if (got < 0) throw_malformed(bytes_.file, names_[index], ::zip_file_strerror(member.get()));
      if (got == 0) break;
      spool.append(std::span(piece).first(static_cast<std::size_t>(got)));
    }
    if (spool.size() != status.size)
      throw_malformed(bytes_.file, names_[index], "a member is cut short");
    return spool.finish(bytes_.file);
  }

  Bytes bytes_;
  Archive archive_;
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Container> open_npz(const Bytes& bytes) {
  return std::make_unique<NpzContainer>(bytes);
}

Array read_npz(const Bytes& bytes, std::string_view fragment) {
  const NpzContainer container(bytes);
  const std::size_t mark = fragment.find('&');
  std::string name(fragment.substr(0, mark));
  const std::string_view rest = mark == std::string_view::npos ? "" : fragment.substr(mark + 1);
  if (name.empty()) {
    const std::vector<std::string> names = container.names();
    if (names.size() != 1) {
      throw Error(ErrorCode::missing_array, "the archive holds " + counted(names.size(), "array"),
                  Place{.file = bytes.file},
                  "name one: " + bytes.file + "#NAME; there are: " + listed(names));
    }
    name = names.front();
  }
  return container.selected(name, rest);
}

}  // namespace losscalc::io
