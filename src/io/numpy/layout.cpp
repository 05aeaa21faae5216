#include "io/numpy/layout.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "io/conversion.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

bool is_empty(const Shape& shape) {
  return std::ranges::find(shape, std::size_t{0}) != shape.end();
}

/// The number of bytes of an array; throws if that does not fit a size.
std::size_t byte_count(const Shape& shape, std::size_t element, const Place& place) {
  if (is_empty(shape)) return 0;
  std::size_t bytes = element;
  for (const std::size_t length : shape) {
    if (bytes > std::numeric_limits<std::size_t>::max() / 2 / length) {
      throw Error(ErrorCode::malformed_npy,
                  "the shape " + to_string(shape) + " is larger than any file", place);
    }
    bytes *= length;
  }
  return bytes;
}

std::vector<std::ptrdiff_t> strides_of(const Shape& shape, bool fortran_order,
                                       std::size_t element) {
  std::vector<std::ptrdiff_t> strides(shape.size());
  // Without elements the lengths beside the zero are as large as the file likes.
  if (is_empty(shape)) return strides;
  auto stride = static_cast<std::ptrdiff_t>(element);
  for (std::size_t k = 0; k < strides.size(); ++k) {
    const std::size_t axis = fortran_order ? k : strides.size() - 1 - k;
    strides[axis] = stride;
    stride *= static_cast<std::ptrdiff_t>(shape[axis]);
  }
  return strides;
}

/// The bytes of a value of any dtype of a fixed length, read or not; 0 for others.
std::size_t size_of_descr(std::string_view descr) {
  if (!descr.empty() && std::string_view("<>|=").find(descr[0]) != std::string_view::npos)
    descr.remove_prefix(1);
  if (descr.empty()) return 0;
  const std::size_t end = std::min(descr.find('[', 1), descr.size());
  const auto length = text::parse_integer(descr.substr(1, end - 1));
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (!length || *length < 0 || *length > most) return 0;
  return static_cast<std::size_t>(*length) * (descr[0] == 'U' ? 4 : 1);
}

std::size_t size_of(const NpyField& field, const Place& place) {
  const std::size_t size = size_of_descr(field.descr);
  if (size > 0) return byte_count(field.shape, size, place);
  throw Error(ErrorCode::unsupported_type,
              "the field " + text::quoted(field.name) + " has the dtype " +
                  text::quoted(field.descr) + ", which has no fixed size",
              place, "save another field: numpy.save('x.npy', array['field'])");
}

[[noreturn]] void throw_needs_field(const NpyHeader& header, std::string_view field,
                                    const Place& place) {
  const std::vector<std::string> names = field_names(header);
  if (!place.path.empty()) {
    throw Error(
        ErrorCode::unsupported_type, "the elements have fields: " + text::listed(names), place,
        "save them as arrays: " + conversion("import numpy; a = {array}; numpy.savez('{stem}-"
                                             "fields.npz', **{n: a[n] for n in a.dtype.names})",
                                             place));
  }
  if (!field.empty()) {
    throw Error(ErrorCode::missing_array, "there is no field " + text::quoted(field), place,
                text::choices(field, names));
  }
  throw Error(ErrorCode::missing_array, "the elements have " + text::counted(names.size(), "field"),
              place, "name one: " + place.file + "#NAME; available: " + text::listed(names));
}

}  // namespace

std::vector<std::string> field_names(const NpyHeader& header) {
  std::vector<std::string> names;
  for (const NpyField& field : header.fields) {
    if (!field.name.empty()) names.push_back(field.name);
  }
  return names;
}

NpyLayout npy_layout(const NpyHeader& header, std::string_view field, const Place& place) {
  if (header.fields.empty()) {
    if (!field.empty()) {
      throw Error(ErrorCode::bad_fragment,
                  "the array has no fields, found the name " + text::quoted(field), place,
                  "leave it out, or select columns: #col=1-3");
    }
    const StoredType stored = stored_type(header, place);
    const std::size_t bytes = byte_count(header.shape, stored.size, place);
    return {stored, header.shape, strides_of(header.shape, header.fortran_order, stored.size),
            0,      bytes,        place};
  }
  const auto found = std::ranges::find(header.fields, field, &NpyField::name);
  if (field.empty() || found == header.fields.end() || !place.path.empty())
    throw_needs_field(header, field, place);
  std::size_t item = 0;
  std::size_t offset = 0;
  for (const NpyField& other : header.fields) {
    if (other.name == field) offset = item;
    item += size_of(other, place);
    if (item > std::numeric_limits<std::size_t>::max() / 2) byte_count({2}, item, place);
  }
  Place of_field = place;
  of_field.path = found->name;
  NpyHeader single{.descr = found->descr,
                   .fields = {},
                   .fortran_order = header.fortran_order,
                   .shape = header.shape,
                   .size = header.size};
  const StoredType stored = stored_type(single, of_field);
  std::vector<std::ptrdiff_t> strides = strides_of(header.shape, header.fortran_order, item);
  const std::vector<std::ptrdiff_t> inner = strides_of(found->shape, false, stored.size);
  strides.insert(strides.end(), inner.begin(), inner.end());
  Shape shape = header.shape;
  shape.insert(shape.end(), found->shape.begin(), found->shape.end());
  return {
      stored,  std::move(shape), std::move(strides), offset, byte_count(header.shape, item, place),
      of_field};
}

}  // namespace losscalc::io
