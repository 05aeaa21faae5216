#include "io/numpy/npy.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/columns.h"
#include "io/concatenate.h"
#include "io/conversion.h"
#include "io/numpy/dtype.h"
#include "io/numpy/header.h"
#include "io/numpy/words.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// The number of bytes of the array; throws if that does not fit a size.
std::size_t byte_count(const Shape& shape, std::size_t element, const Place& place) {
  std::size_t bytes = element;
  const bool is_empty = std::ranges::find(shape, std::size_t{0}) != shape.end();
  if (is_empty) return 0;
  for (const std::size_t length : shape) {
    if (bytes > std::numeric_limits<std::size_t>::max() / 2 / length) {
      throw Error(ErrorCode::malformed_npy,
                  "the shape " + to_string(shape) + " is larger than any file", place);
    }
    bytes *= length;
  }
  return bytes;
}

std::vector<std::ptrdiff_t> strides_of(const NpyHeader& header, std::size_t element) {
  std::vector<std::ptrdiff_t> strides(header.shape.size());
  // Without elements the lengths beside the zero are as large as the file likes.
  if (std::ranges::find(header.shape, std::size_t{0}) != header.shape.end()) return strides;
  auto stride = static_cast<std::ptrdiff_t>(element);
  for (std::size_t k = 0; k < strides.size(); ++k) {
    const std::size_t axis = header.fortran_order ? k : strides.size() - 1 - k;
    strides[axis] = stride;
    stride *= static_cast<std::ptrdiff_t>(header.shape[axis]);
  }
  return strides;
}

Array array_of(const Bytes& bytes, std::span<const std::byte> elements, const NpyHeader& header,
               const StoredType& stored, const Place& place) {
  const Locator locator = [place](std::span<const std::size_t> index) {
    Place element = place;
    element.index.assign(index.begin(), index.end());
    return element;
  };
  std::vector<std::ptrdiff_t> strides = strides_of(header, stored.size);
  if (stored.type == ElementType::text) {
    return {ElementType::text, header.shape,
            npy_words(elements, stored, header.shape, strides, bytes.owner, place), locator};
  }
  Array array(elements.data(), stored.type, stored.swapped, header.shape, std::move(strides),
              bytes.owner, locator);
  array.take_copies_from(bytes.mapped);
  return array;
}

/// One array and its dtype.
struct NpyPart {
  Array array;
  bool is_nameless;
};

/// The array that stands at `start`, which is moved behind it.
NpyPart read_part(const Bytes& bytes, std::size_t& start, const Place& place) {
  const NpyHeader header = parse_npy_header(bytes.text().substr(start), place);
  const StoredType stored = stored_type(header, place);
  const std::size_t expected = byte_count(header.shape, stored.size, place);
  const auto behind_header = bytes.data.subspan(start + header.size);
  if (behind_header.size() < expected) {
    throw Error(ErrorCode::malformed_npy,
                "the file is cut short: shape " + to_string(header.shape) + " of " + header.descr +
                    " needs " + text::counted(expected, "byte") + ", found " +
                    std::to_string(behind_header.size()),
                place);
  }
  const auto elements = behind_header.first(expected);
  if (stored.is_nameless) check_nameless_bfloat16(elements, header, place);
  start += header.size + expected;
  return {array_of(bytes, elements, header, stored, place), stored.is_nameless};
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

Array read_whole(const Bytes& bytes, const Place& place) {
  std::vector<Array> parts;
  bool is_bfloat16 = false;
  bool is_nameless = false;
  for (std::size_t start = 0; start < bytes.data.size();) {
    if (start > 0 && !begins_as_npy(bytes.text().substr(start))) throw_garbage(bytes, start, place);
    NpyPart part = read_part(bytes, start, place);
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

}  // namespace

Array read_npy(const Bytes& bytes, const std::string& member, std::string_view fragment) {
  const Place place{.file = bytes.file, .path = member};
  Array array = read_whole(bytes, place);
  const TableFragment table = parse_table_fragment(fragment, bytes.file);
  if (table.rows)
    throw Error(ErrorCode::bad_fragment, "rows of NPY arrays can't be selected", place);
  if (!table.columns) return array;
  if (array.rank() != 2) {
    throw Error(ErrorCode::bad_fragment,
                "#col needs a two-dimensional array, found " + to_string(array.shape()), place);
  }
  Array columns = array.columns(selected_columns(*table.columns, {}, array.shape()[1], bytes.file));
  columns.set_reading(array.reading());
  return columns;
}

}  // namespace losscalc::io
