#include "io/numpy/words.h"

#include <cassert>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

namespace losscalc::io {
namespace {

/// Appends a character as UTF-8 (RFC 3629); false if the number is none.
bool append_utf8(std::uint32_t character, std::string& word) {
  const auto append = [&word](std::uint32_t byte) { word += static_cast<char>(byte); };
  const auto append_rest = [&](std::uint32_t shift) {
    append(0x80U | ((character >> shift) & 0x3fU));
  };
  const bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
  if (is_surrogate || character > 0x10ffff) return false;
  if (character < 0x80) {
    append(character);
  } else if (character < 0x800) {
    append(0xc0U | character >> 6U);
    append_rest(0);
  } else if (character < 0x10000) {
    append(0xe0U | character >> 12U);
    append_rest(6);
    append_rest(0);
  } else {
    append(0xf0U | character >> 18U);
    append_rest(12);
    append_rest(6);
    append_rest(0);
  }
  return true;
}

class NpyWords final : public ElementSource {
 public:
  NpyWords(std::span<const std::byte> elements, const StoredType& stored, Shape shape,
           std::vector<std::ptrdiff_t> strides, std::shared_ptr<const void> owner, Place place)
      : elements_(elements),
        stored_(stored),
        shape_(std::move(shape)),
        strides_(std::move(strides)),
        owner_(std::move(owner)),
        place_(std::move(place)) {}

  void read(std::size_t /*first*/, std::span<double> /*out*/) const override {
    assert(false && "words are no numbers");
  }

  void read_words(std::size_t first, std::span<std::string> out) const override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = word(multi_index(first + i, shape_));
  }

 private:
  std::string word(const std::vector<std::size_t>& index) const {
    std::ptrdiff_t offset = 0;
    for (std::size_t axis = 0; axis < index.size(); ++axis)
      offset += static_cast<std::ptrdiff_t>(index[axis]) * strides_[axis];
    const auto bytes = elements_.subspan(static_cast<std::size_t>(offset), stored_.size);
    if (stored_.is_utf32) return from_utf32(bytes, index);
    std::string word(static_cast<const char*>(static_cast<const void*>(bytes.data())),
                     bytes.size());
    word.erase(word.find_last_not_of('\0') + 1);
    return word;
  }

  std::string from_utf32(std::span<const std::byte> bytes,
                         const std::vector<std::size_t>& index) const {
    std::string word;
    for (std::size_t at = 0; at < bytes.size(); at += 4) {
      std::uint32_t character = 0;
      std::memcpy(&character, &bytes[at], sizeof character);
      if (stored_.swapped) character = __builtin_bswap32(character);
      if (append_utf8(character, word)) continue;
      Place element = place_;
      element.index = index;
      throw Error(ErrorCode::malformed_npy,
                  "expected a character, found the number " + std::to_string(character), element);
    }
    word.erase(word.find_last_not_of('\0') + 1);
    return word;
  }

  std::span<const std::byte> elements_;
  StoredType stored_;
  Shape shape_;
  std::vector<std::ptrdiff_t> strides_;
  std::shared_ptr<const void> owner_;
  Place place_;
};

}  // namespace

std::shared_ptr<const ElementSource> npy_words(std::span<const std::byte> elements,
                                               const StoredType& stored, const Shape& shape,
                                               const std::vector<std::ptrdiff_t>& strides,
                                               std::shared_ptr<const void> owner,
                                               const Place& place) {
  return std::make_shared<NpyWords>(elements, stored, shape, strides, std::move(owner), place);
}

}  // namespace losscalc::io
