#include "io/numpy/npy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "io/from_text.h"
#include "io/numpy/npz.h"
#include "io/numpy/write.h"
#include "io/read.h"
#include "io/temporary_directory.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

using Numbers = std::vector<double>;

/// The bytes of a file whose header is this text.
std::string npy(const std::string& header, const std::string& data, int version = 1) {
  std::string text = "\x93NUMPY";
  text += static_cast<char>(version);
  text += '\0';
  const int length_bytes = version == 1 ? 2 : 4;
  for (int k = 0; k < length_bytes; ++k)
    text += static_cast<char>((header.size() >> (8 * static_cast<std::size_t>(k))) & 255U);
  return text + header + data;
}

std::string header(const std::string& descr, const std::string& shape,
                   const std::string& fortran = "False") {
  return "{'descr': " + descr + ", 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

/// The little-endian bytes of numbers, or with `big` the big-endian ones.
template <class Number>
std::string bytes(const std::vector<Number>& numbers, bool big = false) {
  std::string text;
  for (const Number number : numbers) {
    std::string part(sizeof(Number), '\0');
    std::memcpy(part.data(), &number, sizeof(Number));
    if (big) std::ranges::reverse(part);
    text += part;
  }
  return text;
}

Array read(const std::string& content, std::string_view fragment = "") {
  return read_npy(bytes_of(content, "x.npy"), "", fragment);
}

std::string npy_error(const std::string& content, std::string_view fragment = "") {
  return error_of([&] { read(content, fragment); });
}

template <class Number>
void check_type(const std::string& code, const std::vector<Number>& numbers) {
  const std::string shape = "(" + std::to_string(numbers.size()) + ",)";
  Numbers expected;
  for (const Number number : numbers) expected.push_back(static_cast<double>(number));
  CAPTURE(code);
  CHECK(values_of(read(npy(header("'<" + code + "'", shape), bytes(numbers)))) == expected);
  CHECK(values_of(read(npy(header("'>" + code + "'", shape), bytes(numbers, true)))) == expected);
}

template <class Integer>
void check_integer(const std::string& code) {
  using Limits = std::numeric_limits<Integer>;
  check_type<Integer>(code, {Limits::min(), 0, 1, 42, Limits::max()});
}

const std::string one_double = bytes<double>({1.5});

}  // namespace

TEST_CASE("NPY: every number type is read in both byte orders") {
  check_integer<std::int8_t>("i1");
  check_integer<std::int16_t>("i2");
  check_integer<std::int32_t>("i4");
  check_integer<std::int64_t>("i8");
  check_integer<std::uint8_t>("u1");
  check_integer<std::uint16_t>("u2");
  check_integer<std::uint32_t>("u4");
  check_integer<std::uint64_t>("u8");
  check_type<float>("f4", {0.1F, -1e-45F, 3.4e38F});
  check_type<double>("f8", {0.1, -5e-324, 1.7e308});
}

TEST_CASE("NPY: half precision is widened exactly, with denormals and infinities") {
  const std::vector<std::uint16_t> halves{0x3c00, 0xc000, 0x3555, 0x0001, 0x03ff,
                                          0x7bff, 0x8000, 0x7c00, 0xfc00};
  const Numbers expected{
      1.0,  -2.0,     0.333251953125, std::ldexp(1.0, -24), std::ldexp(1023.0, -24), 65504.0,
      -0.0, HUGE_VAL, -HUGE_VAL};
  CHECK(values_of(read(npy(header("'<f2'", "(9,)"), bytes(halves)))) == expected);
  CHECK(values_of(read(npy(header("'>f2'", "(9,)"), bytes(halves, true)))) == expected);
  CHECK(std::isnan(values_of(read(npy(header("'<f2'", "()"), bytes<std::uint16_t>({0x7e00}))))[0]));
}

TEST_CASE("NPY: bool is 0 and 1") {
  CHECK(values_of(read(npy(header("'|b1'", "(3,)"), std::string("\1\0\1", 3)))) ==
        Numbers{1, 0, 1});
}

TEST_CASE("NPY: versions 1, 2 and 3 are read, others refused") {
  for (const int version : {1, 2, 3}) {
    CHECK(values_of(read(npy(header("'<f8'", "(1,)"), one_double, version))) == Numbers{1.5});
  }
  CHECK(npy_error(npy(header("'<f8'", "(1,)"), one_double, 4)) ==
        "malformed-npy|x.npy: NPY version 4 is unknown; expected 1, 2 or 3");
}

TEST_CASE("NPY: data lies unaligned where the header says") {
  for (const std::string padding : {"", " ", "  ", "   "}) {
    CHECK(values_of(read(npy(padding + header("'<f8'", "(1,)"), one_double))) == Numbers{1.5});
  }
}

TEST_CASE("NPY: Fortran order is read in C order") {
  const std::string data = bytes<std::int32_t>({1, 2, 3, 4, 5, 6});
  const Array c = read(npy(header("'<i4'", "(2, 3)"), data));
  const Array fortran = read(npy(header("'<i4'", "(2, 3)", "True"), data));
  CHECK(values_of(c) == Numbers{1, 2, 3, 4, 5, 6});
  CHECK(values_of(fortran) == Numbers{1, 3, 5, 2, 4, 6});
  Numbers part(3);
  fortran.read(2, part);
  CHECK(part == Numbers{5, 2, 4});
  CHECK(values_of(fortran.reshaped({6})) == Numbers{1, 3, 5, 2, 4, 6});
  CHECK(to_string(fortran.place(3)) == "x.npy[1,0]");
}

TEST_CASE("NPY: a single number has no dimensions, and arrays may be empty") {
  const Array scalar = read(npy(header("'<f8'", "()"), one_double));
  CHECK(scalar.rank() == 0);
  CHECK(values_of(scalar) == Numbers{1.5});
  CHECK(read(npy(header("'<f8'", "(0, 3)"), "")).shape() == Shape{0, 3});
  CHECK(read(npy(header("'<f8'", "(0, 4294967296, 4294967296)"), "")).size() == 0);
}

TEST_CASE("NPY: files that are cut short are errors that name the bytes") {
  CHECK(npy_error(npy(header("'<f8'", "(2,)"), one_double)) ==
        "malformed-npy|x.npy: the file is cut short: shape [2] of <f8 needs 16 bytes, found 8");
  const std::string whole = npy(header("'<f8'", "(1,)"), one_double);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(npy_error(whole.substr(0, length)).starts_with("malformed-npy|x.npy: "));
  }
}

TEST_CASE("NPY: dtypes that are no numbers are refused by name") {
  const auto refusal = [](const std::string& descr) {
    return npy_error(npy(header(descr, "(1,)"), one_double));
  };
  CHECK(refusal("'|O'") ==
        "unsupported-type|x.npy: dtype '|O' holds Python objects, expected numbers, bool or text");
  CHECK(refusal("'<c16'").find("complex numbers") != std::string::npos);
  CHECK(refusal("'<f1'").find("float8") != std::string::npos);
  CHECK(refusal("'|V1'").find("float8") != std::string::npos);
  CHECK(refusal("'float8_e5m2'").find("float8") != std::string::npos);
  CHECK(refusal("'>V2'").find("raw bytes") != std::string::npos);
  CHECK(refusal("'|V8'").find("raw bytes") != std::string::npos);
  CHECK(refusal("'<U-1'").starts_with("unsupported-type|"));
  CHECK(refusal("'<Ux'").starts_with("unsupported-type|"));
  CHECK(refusal("'<M8[ns]'").find("holds times") != std::string::npos);
  CHECK(npy_error(npy(header("[('a', '|O'), ('b', '<i4')]", "(1,)"), one_double), "b")
            .find("no fixed size") != std::string::npos);
  CHECK(refusal("[('a', [('b', '<i4')])]").find("fields of their own") != std::string::npos);
  CHECK(refusal("[(('title', 'a'), '<i4')]").find("titles") != std::string::npos);
  CHECK(refusal("''").starts_with("unsupported-type|"));
  CHECK(refusal("'<f16'").find("long doubles") != std::string::npos);
}

TEST_CASE("NPY: the hint for a dtype that is not read converts the file") {
  const auto hint = [](const std::string& descr, const std::string& fortran = "False") {
    return hint_of([&] { read(npy(header(descr, "(2, 2)", fortran), std::string(64, '\0'))); });
  };
  CHECK(hint("'<f16'") ==
        "convert it: python3 -c \"import numpy; numpy.save('x-float64.npy', "
        "numpy.load('x.npy').astype('float64'))\"");
  CHECK(hint("'|O'").find("allow_pickle=True).tolist()") != std::string::npos);
  CHECK(hint("'<f1'", "True") ==
        "convert it, if it is float8_e4m3fn: python3 -c \"import ml_dtypes, numpy; a = "
        "numpy.fromfile('x.npy', 'uint8', offset=69); numpy.save('x-float32.npy', "
        "a.view(ml_dtypes.float8_e4m3fn).astype('float32').reshape((2,2,), order='F'))\"");
  CHECK(hint("'float8_e5m2'").find("a.view(ml_dtypes.float8_e5m2)") != std::string::npos);
  CHECK(hint("'float8$(x)'").find("$") == std::string::npos);
  CHECK(hint("[('a', '<f8'), ('b', '<i4')]") == "name one: x.npy#NAME; available: a, b");
  CHECK(hint("'<x9'") == "save it as float64: numpy.save('x.npy', array.astype('float64'))");
}

TEST_CASE("NPY: bfloat16 may have its name, and every number of it then") {
  const std::vector<std::uint16_t> numbers{0x3f80, 0xc000, 0x0001, 0x7f80, 0xff80, 0x7f7f};
  const Numbers expected{1.0,      -2.0,      std::ldexp(1.0, -133),
                         HUGE_VAL, -HUGE_VAL, std::ldexp(255.0, 120)};
  for (const char* descr : {"'bfloat16'", "'<V2'"}) {
    CAPTURE(descr);
    const Array array = read(npy(header(descr, "(6,)"), bytes(numbers)));
    CHECK(array.type() == ElementType::bfloat16);
    CHECK(values_of(array) == expected);
  }
}

TEST_CASE("NPY: pairs of bytes without a name are bfloat16 only if they can be predictions") {
  const auto is_read = [](const std::vector<std::uint16_t>& numbers) {
    const std::string shape = "(" + std::to_string(numbers.size()) + ",)";
    return npy_error(npy(header("'|V2'", shape), bytes(numbers))) == "no error";
  };
  CHECK(is_read({}));
  CHECK(is_read({0, 0x8000}));
  CHECK(is_read({0x3f80, 0xbf80, 0x3dcc, 0}));
  CHECK(is_read({0x477f}));           // just below 2^16
  CHECK(!is_read({0x4780}));          // 2^16
  CHECK(is_read({0x3c80}));           // 2^-6
  CHECK(!is_read({0x3c7f}));          // just below 2^-6, and nothing above
  CHECK(is_read({0x3f80, 0x2b80}));   // 2^-40
  CHECK(!is_read({0x3f80, 0x2b7f}));  // just below
  CHECK(!is_read({0x3f80, 0x7fc0}));  // not a number
  CHECK(!is_read({0x3f80, 0xff80}));  // infinite
  CHECK(!is_read({0, 1, 2, 1}));      // the integers of labels
  CHECK(!is_read({0x3c00, 0x0000}));  // 1 and 0 in float16
}

TEST_CASE("NPY: text is read without the zeros that fill it up") {
  const auto words = [](const std::string& descr, const std::string& data) {
    return read(npy(header(descr, "(2,)"), data)).words();
  };
  using Words = std::vector<std::string>;
  CHECK(words("'|S3'", std::string("cat\0\0\0", 6)) == Words{"cat", ""});
  CHECK(words("'|S3'", std::string("a\0bdog", 6)) == Words{std::string("a\0b", 3), "dog"});
  CHECK(words("'<U2'", bytes<std::uint32_t>({'a', 0, 0x1f600, 0x7ff})) ==
        Words{"a", "\U0001f600\u07ff"});
  CHECK(words("'<U0'", "") == Words{"", ""});
  const Array wrong = read(npy(header("'<U1'", "(2,)"), bytes<std::uint32_t>({'a', 0x110000})));
  CHECK(error_of([&] { wrong.words(); }) ==
        "malformed-npy|x.npy[1]: expected a character, found the number 1114112");
}

TEST_CASE("NPY: what stands behind an array is a further array, or an error") {
  const std::string one = npy(header("'<f8'", "(1,)"), one_double);
  CHECK(values_of(read(one + one)) == Numbers{1.5, 1.5});
  CHECK(npy_error(one + "x") ==
        "malformed-npy|x.npy: 1 byte behind the array, and no further array");
  CHECK(npy_error(one + one.substr(0, 50)).starts_with("malformed-npy|x.npy: the file ends"));
  CHECK(npy_error(one + npy(header("'<f4'", "(1,)"), bytes<float>({1.5F})))
            .find("float64 [1], and float32 [1]") != std::string::npos);
  const std::string scalar = npy(header("'<f8'", "()"), one_double);
  CHECK(npy_error(scalar + scalar).find("can't be joined") != std::string::npos);
}

TEST_CASE("NPY: shapes larger than memory are errors") {
  CHECK(npy_error(npy(header("'<f8'", "(4294967296, 4294967296)"), one_double)) ==
        "malformed-npy|x.npy: the shape [4294967296,4294967296] is larger than any file");
  CHECK(npy_error(npy(header("'<f8'", "(99999999999999999999,)"), one_double)) ==
        "malformed-npy|x.npy: not a well-formed NPY header: a length is too large");
}

TEST_CASE("NPY: headers that are no dictionary are errors") {
  for (const char* text : {"", "{", "[]", "{'descr': '<f8'}", "{'descr': '<f8", "{'x': 1}",
                           "{'descr': '<f8', 'fortran_order': Maybe, 'shape': ()}",
                           "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
                           "{'descr': '<f8', 'fortran_order': False, 'shape': (1"}) {
    CAPTURE(text);
    CHECK(npy_error(npy(text, one_double)).starts_with("malformed-npy|x.npy: not a well-formed"));
  }
}

TEST_CASE("NPY: fields of any layout are read, and damaged ones are errors") {
  const std::string two = bytes<std::uint8_t>({1, 2, 0, 3, 4, 0});
  const std::string fields = "[('a', '|u1'), ('b', '<u2')]";
  CHECK(values_of(read(npy(header(fields, "(2,)"), two), "a")) == Numbers{1, 3});
  CHECK(values_of(read(npy(header(fields, "(2,)"), two), "b")) == Numbers{2, 4});
  CHECK(values_of(read(npy(header(fields, "(2, 1)", "True"), two), "b")) == Numbers{2, 4});
  CHECK(npy_error(npy(header(fields, "(3,)"), two), "a") ==
        "malformed-npy|x.npy: the file is cut short: shape [3] of 2 fields needs 9 bytes, found 6");
  CHECK(read(npy(header(fields, "(0,)"), ""), "b").size() == 0);
  const std::string shaped = "[('a', '|u1', (2,)), ('', '|V1'), ('b', '|u1', ())]";
  CHECK(values_of(read(npy(header(shaped, "(1,)"), two.substr(0, 4)), "a")) == Numbers{1, 2});
  CHECK(npy_error(npy(header(shaped, "(2,)"), two + two), "b") ==
        "malformed-npy|x.npy: 4 bytes behind the array, and no further array");
  for (const char* wrong : {"[", "[]", "[(", "[('a'", "[('a',", "[('a', '<f8'", "[('a', '<f8', (",
                            "[('a', '<f8')", "[('a', '<f8'),", "[('a', '<f8') ('b', '<f8')]"}) {
    CAPTURE(wrong);
    CHECK(npy_error(npy(header(wrong, "(1,)"), two), "a").starts_with("malformed-npy|x.npy: "));
  }
}

TEST_CASE("NPY: fragments select columns") {
  const std::string table = npy(header("'<i4'", "(2, 3)"), bytes<std::int32_t>({1, 2, 3, 4, 5, 6}));
  CHECK(values_of(read(table, "col=1-2")) == Numbers{1, 2, 4, 5});
  CHECK(values_of(read(table, "col=3,1,2")) == Numbers{3, 1, 2, 6, 4, 5});
  CHECK(read(table, "col=2").shape() == Shape{2});
  CHECK(to_string(read(table, "col=2").place(1)) == "x.npy[1,1]");
  CHECK(npy_error(table, "col=4").starts_with("bad-fragment|"));
  CHECK(npy_error(table, "row=1").starts_with("bad-fragment|"));
  CHECK(npy_error(npy(header("'<f8'", "(1,)"), one_double), "col=1") ==
        "bad-fragment|x.npy: #col needs a two-dimensional array, found [1]");
}

TEST_CASE("NPZ: what is written is read back") {
  const TemporaryDirectory folder;
  const std::string file = (folder.path() / "d.npz").string();
  write_npz(file, {{"pred", {2, 2}, {0.1, 0.2, 0.3, 0.4}}, {"target", {2}, {0, 1}}});
  const auto archive = open_container(file, {});
  CHECK(archive->names() == std::vector<std::string>{"pred", "target"});
  CHECK(values_of(archive->array("pred")) == Numbers{0.1, 0.2, 0.3, 0.4});
  CHECK(values_of(read_array(file + "#pred&col=2", {})) == Numbers{0.2, 0.4});
  CHECK(to_string(read_array(file + "#pred", {}).place(3)) == file + "#pred[1,1]");
  CHECK(hint_of([&] { archive->array("targte"); }).starts_with("did you mean 'target'?"));
  CHECK(error_of([&] { read_array(file, {}); }) ==
        "missing-array|" + file + ": the archive holds 2 arrays");
}

TEST_CASE("NPZ: an archive of one array needs no name") {
  const TemporaryDirectory folder;
  const std::string file = (folder.path() / "d.npz").string();
  write_npz(file, {{"pred", {1}, {7}}});
  CHECK(values_of(read_array(file, {})) == Numbers{7});
}

TEST_CASE("NPZ: broken archives are errors") {
  CHECK(error_of([] {
          open_npz(bytes_of("PK\x03\x04 and no more", "d.npz"));
        }).starts_with("malformed-npz|d.npz: not a well-formed NPZ archive: "));
  const TemporaryDirectory folder;
  const std::string file = (folder.path() / "d.npz").string();
  write_npz(file, {{"pred", {64}, Numbers(64, 0.3)}});
  std::string whole(load(file).text());
  CHECK(error_of([&] {
          open_npz(bytes_of(whole.substr(0, whole.size() / 2), "d.npz"));
        }).starts_with("malformed-npz|"));
  for (std::size_t k = 50; k < 60; ++k) whole[k] = static_cast<char>(~whole[k]);
  CHECK(error_of([&] {
          open_npz(bytes_of(whole, "d.npz"))->array("pred");
        }).starts_with("malformed-npz|d.npz#pred"));
}

TEST_CASE("a memory-mapped NPY file is read back") {
  const TemporaryDirectory folder;
  const std::string file = (folder.path() / "g.npy").string();
  MappedNpy mapped(file, {2, 2});
  CHECK(Numbers(mapped.values().begin(), mapped.values().end()) == Numbers{0, 0, 0, 0});
  mapped.values()[1] = 0.1;
  mapped.values()[3] = -HUGE_VAL;
  mapped.close();
  const Array array = read_array(file, {});
  CHECK(array.shape() == Shape{2, 2});
  CHECK(values_of(array) == Numbers{0, 0.1, 0, -HUGE_VAL});
  CHECK(npy_header({2, 2}).size() % 64 == 0);
  CHECK(error_of([&] {
          MappedNpy(folder.path() / "none" / "g.npy", {1});
        }).starts_with("cannot-write|"));
}
