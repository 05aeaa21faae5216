#include "io/numpy/npz.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/members.h"
#include "io/numpy/npy.h"
#include "io/unsupported.h"
#include "io/zip_archive.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

class NpzContainer final : public Container {
 public:
  NpzContainer(Bytes bytes, std::string_view id)
      : archive_(std::move(bytes), ErrorCode::malformed_npz, "NPZ archive"), id_(id) {
    refuse_unsupported_archive(archive_.names(), archive_.file());
    for (const std::string& name : archive_.names()) names_.push_back(without_ending(name));
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> names = names_;
    if (!id_.empty()) std::erase(names, id_);
    return names;
  }

  Array array(std::string_view name) const override { return selected(name, ""); }

  Array selected(std::string_view name, std::string_view columns) const {
    Array array = stored(name, columns);
    if (!id_.empty()) array.set_keys(as_keys(stored(id_, "")));
    return array;
  }

 private:
  Array stored(std::string_view name, std::string_view columns) const {
    for (std::size_t k = 0; k < names_.size(); ++k) {
      if (names_[k] == name) return read_npy(archive_.content(k, names_[k]), names_[k], columns);
    }
    throw Error(ErrorCode::missing_array, "there is no array " + text::quoted(name),
                Place{.file = archive_.file()}, text::choices(name, names_));
  }

  static std::string without_ending(std::string name) {
    if (name.ends_with(".npy")) name.erase(name.size() - 4);
    return name;
  }

  ZipArchive archive_;
  std::vector<std::string> names_;
  std::string id_;
};

}  // namespace

std::unique_ptr<Container> open_npz(const Bytes& bytes, std::string_view id) {
  return std::make_unique<NpzContainer>(bytes, id);
}

Array read_npz(const Bytes& bytes, std::string_view fragment, std::string_view id) {
  const NpzContainer container(bytes, id);
  MemberFragment parts = parse_member_fragment(fragment);
  if (parts.name.empty()) {
    const std::vector<std::string> names = container.names();
    if (names.size() != 1) {
      throw Error(ErrorCode::missing_array,
                  "the archive holds " + text::counted(names.size(), "array"),
                  Place{.file = bytes.file},
                  "name one: " + bytes.file + "#NAME; available: " + text::listed(names));
    }
    parts.name = names.front();
  }
  return container.selected(parts.name, parts.columns);
}

}  // namespace losscalc::io
