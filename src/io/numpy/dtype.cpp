#include "io/numpy/dtype.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/conversion.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

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

/// A dtype that is not read: its code, the letter of its kind or the beginning of its name, what it
/// holds, and the Python that converts it; none where its numbers must be read by hand.
struct Refusal {
  std::string_view code;
  std::string_view holds;
  std::string_view python;
};
constexpr std::array refusals{
    Refusal{"O", "Python objects",
            "import numpy; numpy.save('{stem}-float64.npy', numpy.array(numpy.load('{file}', "
            "allow_pickle=True){member}.tolist(), dtype='float64'))"},
    Refusal{"c", "complex numbers", "import numpy; numpy.save('{stem}-real.npy', {array}.real)"},
    Refusal{"f16", "long doubles",
            "import numpy; numpy.save('{stem}-float64.npy', {array}.astype('float64'))"},
    Refusal{"f12", "long doubles",
            "import numpy; numpy.save('{stem}-float64.npy', {array}.astype('float64'))"},
    Refusal{"M", "times", "import numpy; numpy.save('{stem}-int64.npy', {array}.astype('int64'))"},
    Refusal{"m", "times", "import numpy; numpy.save('{stem}-int64.npy', {array}.astype('int64'))"},
    Refusal{"f1", "float8 of one kind or another", ""},
    Refusal{"V1", "raw bytes, perhaps float8", ""},
    Refusal{"V2", "raw bytes", ""},
    Refusal{"V4", "raw bytes",
            "import numpy; numpy.save('{stem}-float32.npy', {array}.view('float32'))"},
    Refusal{"V8", "raw bytes",
            "import numpy; numpy.save('{stem}-float64.npy', {array}.view('float64'))"},
};
constexpr std::string_view float8 = "float8";

bool is_word_character(unsigned char c) { return std::isalnum(c) != 0 || c == '_'; }

/// The numbers behind the header where NumPy itself can't load them.
std::string raw_python(const NpyHeader& header, std::string_view code) {
  std::string shape;
  for (const std::size_t length : header.shape) shape += std::to_string(length) + ",";
  const std::string order = header.fortran_order ? ", order='F'" : "";
  const std::string reshaped = ".reshape((" + shape + ")" + order + ")";
  const std::string offset = std::to_string(header.size);
  if (code == "V2") {
    return "import numpy; a = numpy.fromfile('{file}', 'uint16', offset=" + offset +
           "); numpy.save('{stem}-float32.npy', (a.astype('uint32') << 16).view('float32')" +
           reshaped + ")";
  }
  const bool has_name = code.starts_with(float8) && std::ranges::all_of(code, is_word_character);
  return "import ml_dtypes, numpy; a = numpy.fromfile('{file}', 'uint8', offset=" + offset +
         "); numpy.save('{stem}-float32.npy', a.view(ml_dtypes." +
         std::string(has_name ? code : "float8_e4m3fn") + ").astype('float32')" + reshaped + ")";
}

std::string hint_for_raw(const NpyHeader& header, std::string_view code, const Place& place) {
  if (!place.path.empty()) return "save it as float32 where it is made: array.astype('float32')";
  const std::string certain = code == "V2"               ? "if it is bfloat16, convert it: "
                              : code.starts_with(float8) ? "convert it: "
                                                         : "convert it, if it is float8_e4m3fn: ";
  return certain + conversion(raw_python(header, code), place);
}

[[noreturn]] void throw_type(const NpyHeader& header, const Place& place, std::string_view holds,
                             const std::string& hint) {
  throw Error(ErrorCode::unsupported_type,
              "dtype " + text::quoted(header.descr) + " holds " + std::string(holds) +
                  ", expected numbers, bool or text",
              place, hint);
}

[[noreturn]] void refuse(const NpyHeader& header, std::string_view code, const Place& place) {
  const auto row = std::ranges::find_if(refusals, [code](const Refusal& refusal) {
    return code == refusal.code || (refusal.code.size() == 1 && code.starts_with(refusal.code));
  });
  if (row != refusals.end()) {
    throw_type(header, place, row->holds,
               row->python.empty() ? hint_for_raw(header, code, place)
                                   : "convert it: " + conversion(row->python, place));
  }
  if (code.starts_with(float8))
    throw_type(header, place, float8, hint_for_raw(header, code, place));
  if (code.starts_with('V')) {
    throw_type(header, place, "raw bytes",
               "say of what type the bytes are: numpy.save('x.npy', array.view('float32'))");
  }
  throw_type(header, place, "an unknown type",
             "save it as float64: numpy.save('x.npy', array.astype('float64'))");
}

/// The length of a text dtype: `U3`, `S10`.
std::optional<std::size_t> text_length(std::string_view code) {
  if (code.empty() || (code[0] != 'U' && code[0] != 'S')) return std::nullopt;
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  const auto length = text::parse_integer(code.substr(1));
  if (!length || *length < 0 || *length > most) return std::nullopt;
  return static_cast<std::size_t>(*length);
}

}  // namespace

StoredType stored_type(const NpyHeader& header, const Place& place) {
  const std::string& descr = header.descr;
  const char order = descr.empty() ? ' ' : descr[0];
  const bool has_order = order == '<' || order == '>' || order == '|' || order == '=';
  const std::string_view code = std::string_view(descr).substr(has_order ? 1 : 0);
  const bool little = std::endian::native == std::endian::little;
  const bool swapped = (order == '>' && little) || (order == '<' && !little);
  if (const auto length = text_length(code)) {
    const bool is_utf32 = code[0] == 'U';
    return {ElementType::text, *length * (is_utf32 ? 4 : 1), swapped, is_utf32};
  }
  if (code == "bfloat16" || (code == "V2" && order != '>')) {
    const bool is_nameless = code == "V2" && order != '<';
    return {ElementType::bfloat16, 2, !little, false, is_nameless};
  }
  const auto row = std::ranges::find(type_codes, code, &TypeCode::code);
  if (row == type_codes.end()) refuse(header, code, place);
  return {row->type, byte_size(row->type), swapped};
}

void check_nameless_bfloat16(const Array& array, const NpyHeader& header, const Place& place) {
  constexpr double smallest = 0x1p-40;
  constexpr double smallest_largest = 0x1p-6;
  constexpr double largest = 0x1p16;
  constexpr std::size_t block = 4096;
  std::vector<double> numbers;
  double most = 0.0;
  for (std::size_t first = 0; first < array.size(); first += block) {
    numbers.resize(std::min(block, array.size() - first));
    array.read(first, numbers);
    for (const double number : numbers) {
      const double magnitude = std::fabs(number);
      if (magnitude != 0.0 && !(magnitude >= smallest && magnitude < largest))
        refuse(header, "V2", place);
      most = std::max(most, magnitude);
    }
  }
  if (most != 0.0 && most < smallest_largest) refuse(header, "V2", place);
}

}  // namespace losscalc::io
