#include "io/numpy/npy.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "diagnostics/error.h"
#include "io/columns.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

constexpr std::string_view magic("\x93NUMPY", 6);

struct TypeCode {
  std::string_view code;
  ElementType type;
};
constexpr std::array type_codes{
    TypeCode{"b1", ElementType::boolean}, TypeCode{"i1", ElementType::int8},
    TypeCode{"i2", ElementType::int16},   TypeCode{"i4", ElementType::int32},
    TypeCode{"i8", ElementType::int64},   TypeCode{"u1", ElementType::uint8},
    TypeCode{"u2", ElementType::uint16},  TypeCode{"u4", ElementType::uint32},
    TypeCode{"u8", ElementType::uint64},  TypeCode{"f2", ElementType::float16},
    TypeCode{"f4", ElementType::float32}, TypeCode{"f8", ElementType::float64},
};

struct Header {
  std::string descr;
  bool fortran_order = false;
  Shape shape;
};

/// Reads the literal of a Python dictionary that NumPy writes; nothing else of Python.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const Place& place) : text_(text), place_(place) {}

  Header parse() {
    Header header;
    std::array<bool, 3> seen{};
    expect('{');
    while (!accept('}')) {
      const std::string key = text();
      expect(':');
      if (key == "descr") {
        header.descr = descr();
        seen[0] = true;
      } else if (key == "fortran_order") {
        header.fortran_order = boolean();
        seen[1] = true;
      } else if (key == "shape") {
        header.shape = shape();
        seen[2] = true;
      } else {
        fail("unknown key " + text::quoted(key));
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (std::ranges::count(seen, false) > 0) fail("'descr', 'fortran_order' or 'shape' is missing");
    return header;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::malformed_npy, "not a well-formed NPY header: " + what, place_);
  }

 private:
  /// A dtype as text; a list of fields is a structured one.
  std::string descr() {
    skip_blanks();
    if (position_ < text_.size() && text_[position_] != '\'' && text_[position_] != '"') {
      throw Error(ErrorCode::unsupported_type, "structured dtypes hold no single kind of number",
                  place_, "save one field: numpy.save('x.npy', array['field'])");
    }
    return text();
  }

  std::string text() {
    skip_blanks();
    const char quote = position_ < text_.size() ? text_[position_] : ' ';
    if (quote != '\'' && quote != '"') fail("expected a quoted text");
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) fail("unterminated text");
    std::string content(text_.substr(position_ + 1, end - position_ - 1));
    position_ = end + 1;
    return content;
  }

  bool boolean() {
    skip_blanks();
    for (const auto& [word, value] :
         {std::pair<std::string_view, bool>{"True", true}, {"False", false}}) {
      if (!text_.substr(position_).starts_with(word)) continue;
      position_ += word.size();
      return value;
    }
    fail("expected True or False");
  }

  Shape shape() {
    Shape lengths;
    expect('(');
    while (!accept(')')) {
      lengths.push_back(length());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return lengths;
  }

  std::size_t length() {
    skip_blanks();
    const std::size_t start = position_;
    std::size_t value = 0;
    while (position_ < text_.size() &&
           std::isdigit(static_cast<unsigned char>(text_[position_])) != 0) {
      const auto digit = static_cast<std::size_t>(text_[position_] - '0');
      if (value > (std::numeric_limits<std::size_t>::max() - digit) / 10)
        fail("a length is too large");
      value = value * 10 + digit;
      ++position_;
    }
    if (position_ == start) fail("expected a length");
    return value;
  }

  void skip_blanks() {
    while (position_ < text_.size() &&
           std::isspace(static_cast<unsigned char>(text_[position_])) != 0)
      ++position_;
  }
  bool accept(char expected) {
    skip_blanks();
    if (position_ >= text_.size() || text_[position_] != expected) return false;
    ++position_;
    return true;
  }
  void expect(char expected) {
    if (!accept(expected)) fail(std::string("expected '") + expected + "'");
  }

  std::string_view text_;
  Place place_;
  std::size_t position_ = 0;
};

std::string kind_of(char letter) {
  switch (letter) {
    case 'O': return "Python objects";
    case 'c': return "complex numbers";
    case 'S':
    case 'U': return "text";
    case 'M':
    case 'm': return "times";
    case 'V': return "raw bytes";
    default: return "an unknown type";
  }
}

struct StoredType {
  ElementType type;
  bool swapped;
};

StoredType stored_type(const std::string& descr, const Place& place) {
  const char order = descr.empty() ? ' ' : descr[0];
  const bool has_order = order == '<' || order == '>' || order == '|' || order == '=';
  const std::string code = has_order ? descr.substr(1) : descr;
  const auto row = std::ranges::find(type_codes, std::string_view(code), &TypeCode::code);
  if (row == type_codes.end()) {
    throw Error(ErrorCode::unsupported_type,
                "dtype " + text::quoted(descr) + " holds " + kind_of(code.empty() ? ' ' : code[0]) +
                    ", expected numbers or bool",
                place, "convert it: numpy.save('x.npy', array.astype('float64'))");
  }
  const bool little = std::endian::native == std::endian::little;
  return {row->type, (order == '>' && little) || (order == '<' && !little)};
}

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

std::vector<std::ptrdiff_t> strides_of(const Header& header, std::size_t element) {
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

std::string_view header_text(std::string_view text, const Place& place, std::size_t& data_start) {
  const auto fail = [&](const std::string& message) {
    throw Error(ErrorCode::malformed_npy, message, place);
  };
  constexpr std::size_t shortest = 10;
  if (!text.starts_with(magic)) fail("not an NPY file: it does not begin with \\x93NUMPY");
  if (text.size() < shortest) fail("the file ends within the header");
  const auto byte = [&](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(text[at]));
  };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3)
    fail("NPY version " + std::to_string(version) + " is unknown; expected 1, 2 or 3");
  const std::size_t preamble = version == 1 ? 10 : 12;
  if (text.size() < preamble) fail("the file ends within the header");
  std::size_t length = byte(8) | byte(9) << 8U;
  if (version > 1) length |= byte(10) << 16U | byte(11) << 24U;
  if (text.size() - preamble < length) fail("the file ends within the header");
  data_start = preamble + length;
  return text.substr(preamble, length);
}

}  // namespace

Array read_npy(const Bytes& bytes, const std::string& member, std::string_view fragment) {
  const Place place{.file = bytes.file, .path = member};
  std::size_t start = 0;
  const Header header = HeaderParser(header_text(bytes.text(), place, start), place).parse();
  const StoredType stored = stored_type(header.descr, place);
  const std::size_t expected = byte_count(header.shape, byte_size(stored.type), place);
  const std::size_t found = bytes.data.size() - start;
  if (found < expected) {
    throw Error(ErrorCode::malformed_npy,
                "the file is cut short: shape " + to_string(header.shape) + " of " + header.descr +
                    " needs " + text::counted(expected, "byte") + ", found " +
                    std::to_string(found),
                place);
  }
  const Locator locator = [place](std::span<const std::size_t> index) {
    Place element = place;
    element.index.assign(index.begin(), index.end());
    return element;
  };
  Array array(bytes.data.data() + start, stored.type, stored.swapped, header.shape,
              strides_of(header, byte_size(stored.type)), bytes.owner, locator);
  array.take_copies_from(bytes.mapped);
  const TableFragment table = parse_table_fragment(fragment, bytes.file);
  if (table.rows)
    throw Error(ErrorCode::bad_fragment, "rows of NPY arrays can't be selected", place);
  if (!table.columns) return array;
  if (array.rank() != 2) {
    throw Error(ErrorCode::bad_fragment,
                "#col needs a two-dimensional array, found " + to_string(array.shape()), place);
  }
  return array.columns(selected_columns(*table.columns, {}, array.shape()[1], bytes.file));
}

}  // namespace losscalc::io
