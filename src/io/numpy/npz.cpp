#include "io/numpy/npz.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/numpy/npy.h"
#include "io/unsupported.h"
#include "io/zip_archive.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

class NpzContainer final : public Container {
 public:
  explicit NpzContainer(Bytes bytes)
      : archive_(std::move(bytes), ErrorCode::malformed_npz, "NPZ archive") {
    refuse_unsupported_archive(archive_.names(), archive_.file());
    for (const std::string& name : archive_.names()) names_.push_back(without_ending(name));
  }

  std::vector<std::string> names() const override { return names_; }

  Array array(std::string_view name) const override { return selected(name, ""); }

  Array selected(std::string_view name, std::string_view fragment) const {
    for (std::size_t k = 0; k < names_.size(); ++k) {
      if (names_[k] == name) return read_npy(archive_.content(k, names_[k]), names_[k], fragment);
    }
    throw Error(ErrorCode::missing_array, "there is no array " + text::quoted(name),
                Place{.file = archive_.file()}, text::choices(name, names_));
  }

 private:
  static std::string without_ending(std::string name) {
    if (name.ends_with(".npy")) name.erase(name.size() - 4);
    return name;
  }

  ZipArchive archive_;
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
      throw Error(ErrorCode::missing_array,
                  "the archive holds " + text::counted(names.size(), "array"),
                  Place{.file = bytes.file},
                  "name one: " + bytes.file + "#NAME; available: " + text::listed(names));
    }
    name = names.front();
  }
  return container.selected(name, rest);
}

}  // namespace losscalc::io
