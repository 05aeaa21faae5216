#include "io/torch/storages.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/torch/globals.h"
#include "io/torch/rebuild.h"
#include "io/zip_archive.h"
#include "text/phrases.h"

namespace losscalc::io::torch {
namespace {

/// The number that begins the legacy form, as pickles write it: LONG1, ten bytes, STOP.
constexpr std::string_view legacy_magic("\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.", 13);
constexpr std::int64_t legacy_version = 1001;

void check_size(const Bytes& found, const Storage& storage) {
  const std::uint64_t expected = storage.count * byte_size(*storage.type->type);
  if (found.data.size() == expected) return;
  throw_malformed({.file = found.file}, "storage " + text::quoted(storage.key) + " has " +
                                            text::counted(found.data.size(), "byte") +
                                            ", expected " + std::to_string(expected));
}

/// PREFIX/data.pkl is the pickle, PREFIX/data/KEY are the storages.
class ZippedStorages final : public Storages {
 public:
  explicit ZippedStorages(const Bytes& bytes)
      : archive_(bytes, ErrorCode::malformed_torch, "torch.save file") {
    constexpr std::string_view ending = "/data.pkl";
    const auto& names = archive_.names();
    const auto pickle = std::ranges::find_if(
        names, [ending](const std::string& name) { return name.ends_with(ending); });
    if (pickle == names.end())
      throw_malformed({.file = bytes.file}, "the archive has no member data.pkl");
    prefix_ = pickle->substr(0, pickle->size() - ending.size() + 1);
    pickle_ = static_cast<std::size_t>(pickle - names.begin());
    check_is_no_script();
    if (const auto order = archive_.find(prefix_ + "byteorder")) {
      const std::string_view word = archive_.content(*order, "byteorder").text();
      if (word != "little" && word != "big") {
        throw_malformed({.file = bytes.file},
                        "the byte order must be little or big, found " + text::quoted(word));
      }
      is_big_ = word == "big";
    }
  }

  Bytes pickle() const { return archive_.content(pickle_, "data.pkl"); }

  Bytes bytes_of(const Storage& storage) const override {
    const auto known = read_.find(storage.key);
    if (known != read_.end()) {
      check_size(known->second, storage);
      return known->second;
    }
    const auto member = archive_.find(prefix_ + "data/" + storage.key);
    if (!member) {
      throw_malformed({.file = archive_.file()},
                      "the archive has no storage " + text::quoted(storage.key));
    }
    Bytes bytes = archive_.content(*member, "data/" + storage.key);
    check_size(bytes, storage);
    return read_.emplace(storage.key, std::move(bytes)).first->second;
  }

  bool are_swapped() const override { return is_big_ != (std::endian::native == std::endian::big); }

 private:
  void check_is_no_script() const {
    const bool is_script = std::ranges::any_of(archive_.names(), [this](const std::string& name) {
      return name == prefix_ + "constants.pkl" || name.starts_with(prefix_ + "code/");
    });
    if (!is_script) return;
    throw Error(ErrorCode::unsupported_type,
                "the file is a TorchScript program, expected tensors by torch.save",
                {.file = archive_.file()},
                "save its tensors: torch.save(torch.jit.load(FILE).state_dict(), 'x.pt')");
  }

  ZipArchive archive_;
  std::string prefix_;
  std::size_t pickle_ = 0;
  bool is_big_ = false;
  mutable std::map<std::string, Bytes> read_;  ///< as its members are verified when they are read
};

/// The pickles of the magic number, of the version, of the machine, of the values and of the keys
/// of their storages; then, by key, the number of elements in 8 bytes and the elements.
class LegacyContent final : public Storages {
 public:
  explicit LegacyContent(const Bytes& bytes) : bytes_(bytes) {}

  Pickle read() {
    const Place place{.file = bytes_.file};
    const Pickle magic = next();
    if (!std::holds_alternative<LargeInteger>(magic[magic.root()]))
      throw_malformed(place, "it does not begin with torch's number");
    const Pickle version = next();
    const auto* const number = std::get_if<std::int64_t>(&version[version.root()]);
    if (number == nullptr || *number != legacy_version)
      throw_malformed(place, "its version is not " + std::to_string(legacy_version));
    check_machine(next());
    Pickle pickle = next();
    const Pickle keys = next();
    find_storages(pickle, keys);
    return pickle;
  }

  Bytes bytes_of(const Storage& storage) const override {
    const auto found = storages_.find(storage.key);
    if (found == storages_.end()) {
      throw_malformed({.file = bytes_.file},
                      "the file has no storage " + text::quoted(storage.key));
    }
    Bytes bytes{
        .file = bytes_.file, .data = found->second, .owner = bytes_.owner, .mapped = bytes_.mapped};
    check_size(bytes, storage);
    return bytes;
  }

  bool are_swapped() const override { return std::endian::native == std::endian::big; }

 private:
  Pickle next() {
    Pickle pickle(bytes_.text().substr(position_), {.file = bytes_.file});
    position_ += pickle.size();
    return pickle;
  }

  void check_machine(const Pickle& machine) const {
    const auto* const fields = std::get_if<Dictionary>(&machine[machine.root()]);
    if (fields == nullptr)
      throw_malformed({.file = bytes_.file}, "it does not tell its byte order");
    for (const auto& [key, value] : fields->fields) {
      const auto* const name = std::get_if<std::string>(&machine[key]);
      const auto* const is_little = std::get_if<bool>(&machine[value]);
      if (name == nullptr || *name != "little_endian" || is_little == nullptr || *is_little)
        continue;
      throw Error(ErrorCode::unsupported_type,
                  "the file was written by a big-endian machine in torch's legacy form",
                  {.file = bytes_.file}, "save it in the ZIP form: torch.save(object, 'x.pt')");
    }
  }

  void find_storages(const Pickle& pickle, const Pickle& keys) {
    std::map<std::string_view, std::size_t> sizes;
    for (const Value& value : pickle.values()) {
      if (const auto* const storage = std::get_if<std::shared_ptr<const Storage>>(&value))
        sizes[(*storage)->key] = byte_size(*(*storage)->type->type);
    }
    const Place place{.file = bytes_.file};
    const auto* const list = std::get_if<Sequence>(&keys[keys.root()]);
    if (list == nullptr) throw_malformed(place, "the keys of its storages are no list");
    for (const ValueId item : list->items) {
      const auto* const key = std::get_if<std::string>(&keys[item]);
      const auto size = key == nullptr ? sizes.end() : sizes.find(*key);
      if (size == sizes.end()) throw_malformed(place, "it has a storage that no value refers to");
      const std::uint64_t count = next_count();
      const std::size_t left = bytes_.data.size() - position_;
      if (count > left / size->second) {
        throw_malformed(place, "the file is cut short: storage " + text::quoted(*key) + " needs " +
                                   text::counted(count, "element") + " of " +
                                   text::counted(size->second, "byte") + ", found " +
                                   text::counted(left, "byte"));
      }
      const std::size_t length = count * size->second;
      storages_[*key] = bytes_.data.subspan(position_, length);
      position_ += length;
    }
    if (position_ != bytes_.data.size()) {
      throw_malformed(place, text::counted(bytes_.data.size() - position_, "byte") +
                                 " at its end belong to no storage");
    }
  }

  std::uint64_t next_count() {
    constexpr std::size_t bytes = 8;
    if (bytes_.data.size() - position_ < bytes)
      throw_malformed({.file = bytes_.file}, "the file is cut short: a storage is missing");
    std::uint64_t count = 0;
    for (std::size_t k = bytes; k-- > 0;)
      count = count << 8U | std::to_integer<std::uint64_t>(bytes_.data[position_ + k]);
    position_ += bytes;
    return count;
  }

  Bytes bytes_;
  std::size_t position_ = 0;
  std::map<std::string, std::span<const std::byte>> storages_;
};

/// The name of the first member of a ZIP archive (its local header: APPNOTE.TXT 4.3.7).
std::string_view first_member(std::string_view content) {
  constexpr std::size_t header = 30;
  if (!content.starts_with("PK\x03\x04") || content.size() < header) return {};
  const auto byte = [content](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(content[at]));
  };
  return content.substr(header, byte(26) | byte(27) << 8U);
}

}  // namespace

bool looks_like_torch(std::string_view content) {
  constexpr std::size_t longest_start = 16;
  if (content.starts_with('\x80')) {
    return content.substr(0, longest_start + legacy_magic.size()).find(legacy_magic) !=
           std::string_view::npos;
  }
  const std::string_view member = first_member(content);
  constexpr std::array endings{"/data.pkl",      "/version",         "/byteorder",
                               "/constants.pkl", "/.format_version", "/.data/serialization_id"};
  return std::ranges::any_of(endings,
                             [member](const char* ending) { return member.ends_with(ending); }) ||
         (!member.ends_with(".npy") && (member.find("/data/") != std::string_view::npos ||
                                        member.find("/code/") != std::string_view::npos));
}

Content open_content(const Bytes& bytes) {
  if (bytes.text().starts_with("PK")) {
    auto storages = std::make_unique<const ZippedStorages>(bytes);
    const Bytes text = storages->pickle();
    Pickle pickle(text.text(), {.file = bytes.file});
    return {std::move(pickle), std::move(storages)};
  }
  auto legacy = std::make_unique<LegacyContent>(bytes);
  Pickle pickle = legacy->read();
  return {std::move(pickle), std::move(legacy)};
}

}  // namespace losscalc::io::torch
