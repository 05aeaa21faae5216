#include "io/numpy/npy.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/concatenate.h"
#include "io/conversion.h"
#include "io/members.h"
#include "io/numpy/dtype.h"
#include "io/numpy/header.h"
#include "io/numpy/layout.h"
#include "io/numpy/words.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

Array array_of(const Bytes& bytes, std::span<const std::byte> elements, const NpyLayout& layout) {
  const Locator locator = [place = layout.place](std::span<const std::size_t> index) {
    Place element = place;
    element.index.assign(index.begin(), index.end());
    return element;
  };
  if (layout.stored.type == ElementType::text) {
    return {
        ElementType::text, layout.shape,
        npy_words(elements, layout.stored, layout.shape, layout.strides, bytes.owner, layout.place),
        locator};
  }
  Array array(elements.data(), layout.stored.type, layout.stored.swapped, layout.shape,
              layout.strides, bytes.owner, locator);
  array.take_copies_from(bytes.mapped);
  return array;
}

/// One array and its dtype.
struct NpyPart {
  Array array;
  bool is_nameless;
};

/// The array that stands at `start`, which is moved behind it, or one field of it.
NpyPart read_part(const Bytes& bytes, std::size_t& start, std::string_view field,
                  const Place& place) {
  const NpyHeader header = parse_npy_header(bytes.text().substr(start), place);
  const NpyLayout layout = npy_layout(header, field, place);
  const auto behind_header = bytes.data.subspan(start + header.size);
  if (behind_header.size() < layout.bytes) {
    throw Error(
        ErrorCode::malformed_npy,
        "the file is cut short: shape " + to_string(header.shape) + " of " +
            (header.fields.empty() ? header.descr : text::counted(header.fields.size(), "field")) +
            " needs " + text::counted(layout.bytes, "byte") + ", found " +
            std::to_string(behind_header.size()),
        place);
  }
  const auto elements = behind_header.subspan(std::min(layout.offset, layout.bytes),
                                              layout.bytes - std::min(layout.offset, layout.bytes));
  start += header.size + layout.bytes;
  Array array = array_of(bytes, elements, layout);
  if (layout.stored.is_nameless) check_nameless_bfloat16(array, header, layout.place);
  return {std::move(array), layout.stored.is_nameless};
}

[[noreturn]] void throw_garbage(const Bytes& bytes, std::size_t start, const Place& place) {
  throw Error(
      ErrorCode::malformed_npy,
      text::counted(bytes.data.size() - start, "byte") + " behind the array, and no further array",
      place,
      "save it again: " + conversion("import numpy; numpy.save('{stem}-alone.npy', "
                                     "{array})",
                                     place));
}

/// Several arrays that were saved into one file are its parts, if they fit one behind the other.
Array joined(const std::vector<Array>& parts, const Place& place) {
  const auto fits = [&](const Array& part) {
    const Shape& first = parts.front().shape();
    return part.type() == parts.front().type() && part.rank() > 0 && part.rank() == first.size() &&
           std::equal(first.begin() + 1, first.end(), part.shape().begin() + 1);
  };
  const auto other = std::ranges::find_if_not(parts, fits);
  if (other != parts.end()) {
    const std::string python =
        "import numpy; f = open('{file}', 'rb'); numpy.savez('{stem}-parts.npz', *[numpy.load(f) "
        "for k in range(" +
        std::to_string(parts.size()) + ")])";
    throw Error(ErrorCode::malformed_npy,
                "the file holds " + text::counted(parts.size(), "array") +
                    " that can't be joined along the first axis: " +
                    std::string(name(parts.front().type())) + " " +
                    to_string(parts.front().shape()) + ", and " + std::string(name(other->type())) +
                    " " + to_string(other->shape()),
                place, "save them by name: " + conversion(python, place));
  }
  Array whole = concatenated(parts);
  whole.add_note(text::counted(parts.size(), "array") +
                 " in the file, one behind the other, are joined along the first axis");
  return whole;
}

Array read_whole(const Bytes& bytes, std::string_view field, const Place& place) {
  std::vector<Array> parts;
  bool is_bfloat16 = false;
  bool is_nameless = false;
  for (std::size_t start = 0; start < bytes.data.size();) {
    if (start > 0 && !begins_as_npy(bytes.text().substr(start))) throw_garbage(bytes, start, place);
    NpyPart part = read_part(bytes, start, field, place);
    is_bfloat16 = is_bfloat16 || part.array.type() == ElementType::bfloat16;
    is_nameless = is_nameless || part.is_nameless;
    parts.push_back(std::move(part.array));
  }
  if (parts.empty()) static_cast<void>(parse_npy_header(bytes.text(), place));
  Array array = parts.size() == 1 ? std::move(parts.front()) : joined(parts, place);
  if (is_nameless) {
    array.add_note(
        "the elements, two bytes without a name ('|V2'), are taken for bfloat16, as ml_dtypes has "
        "them");
  } else if (is_bfloat16) {
    array.add_note("the elements are bfloat16");
  }
  return array;
}

/// The fields of a structured array by name.
class NpyFields final : public Container {
 public:
  NpyFields(Bytes bytes, std::vector<std::string> fields, std::string_view id)
      : bytes_(std::move(bytes)), fields_(std::move(fields)), id_(id) {}

  std::vector<std::string> names() const override {
    std::vector<std::string> names = fields_;
    std::erase(names, id_);
    return names;
  }

  Array array(std::string_view name) const override {
    const Place place{.file = bytes_.file};
    Array array = read_whole(bytes_, name, place);
    if (!id_.empty()) array.set_keys(as_keys(read_whole(bytes_, id_, place)));
    return array;
  }

 private:
  Bytes bytes_;
  std::vector<std::string> fields_;
  std::string id_;
};

}  // namespace

Array read_npy(const Bytes& bytes, const std::string& member, std::string_view fragment) {
  const MemberFragment parts = parse_member_fragment(fragment);
  const Array array = read_whole(bytes, parts.name, Place{.file = bytes.file, .path = member});
  Array selected = with_columns(array, parts.columns);
  selected.set_reading(array.reading());
  return selected;
}

std::unique_ptr<Container> open_npy(const Bytes& bytes, std::string_view id) {
  const NpyHeader header = parse_npy_header(bytes.text(), Place{.file = bytes.file});
  if (header.fields.empty()) return nullptr;
  return std::make_unique<NpyFields>(bytes, field_names(header), id);
}

}  // namespace losscalc::io
