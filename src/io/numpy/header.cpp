#include "io/numpy/header.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <utility>

#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// Reads the literal of a Python dictionary that NumPy writes; nothing else of Python.
class NpyHeaderParser {
 public:
  NpyHeaderParser(std::string_view text, const Place& place) : text_(text), place_(place) {}

  NpyHeader parse() {
    NpyHeader header;
    std::array<bool, 3> seen{};
    expect('{');
    while (!accept('}')) {
      const std::string key = text();
      expect(':');
      if (key == "descr") {
        dtype(header);
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
  /// A dtype as text, or a list of fields.
  void dtype(NpyHeader& header) {
    if (!accept('[')) {
      header.descr = text();
      return;
    }
    while (!accept(']')) {
      header.fields.push_back(field());
      if (!accept(',')) {
        expect(']');
        break;
      }
    }
    if (header.fields.empty()) fail("a dtype without fields");
  }

  NpyField field() {
    NpyField field;
    expect('(');
    if (next_is('(')) refuse("titles");
    field.name = text();
    expect(',');
    if (next_is('[')) refuse("fields of their own");
    field.descr = text();
    if (accept(',') && !next_is(')')) field.shape = shape();
    expect(')');
    return field;
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::unsupported_type, "the fields of the dtype have " + what, place_,
                "save a field as an array: numpy.save('x.npy', array['field'])");
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
  bool next_is(char expected) {
    skip_blanks();
    return position_ < text_.size() && text_[position_] == expected;
  }
  bool accept(char expected) {
    if (!next_is(expected)) return false;
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

std::string_view header_text(std::string_view text, const Place& place, std::size_t& data_start) {
  const auto fail = [&](const std::string& message) {
    throw Error(ErrorCode::malformed_npy, message, place);
  };
  constexpr std::size_t shortest = 10;
  if (!begins_as_npy(text)) fail("not an NPY file: it does not begin with \\x93NUMPY");
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

bool begins_as_npy(std::string_view text) { return text.starts_with("\x93NUMPY"); }

NpyHeader parse_npy_header(std::string_view text, const Place& place) {
  std::size_t data_start = 0;
  NpyHeader header = NpyHeaderParser(header_text(text, place, data_start), place).parse();
  header.size = data_start;
  return header;
}

}  // namespace losscalc::io
