/// Safetensors that break what the format promises.
#include "io/safetensors/safetensors.h"

#include <doctest/doctest.h>

#include <string>

#include "io/from_text.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

std::string file_of(const std::string& header, const std::string& data) {
  std::string text(8, '\0');
  for (std::size_t k = 0; k < 4; ++k) text[k] = static_cast<char>(header.size() >> 8 * k & 0xffU);
  return text + header + data;
}

std::string error_of_file(const std::string& header, const std::string& data = "12345678",
                          std::string_view fragment = "") {
  return error_of([&] { read_safetensors(bytes_of(file_of(header, data), "d.st"), fragment); });
}

/// A tensor's description.
std::string tensor(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

const std::string start = "malformed-safetensors|d.st: not a well-formed safetensors file: ";
const std::string start_of_a = "malformed-safetensors|d.st#a: not a well-formed safetensors file: ";

}  // namespace

TEST_CASE("safetensors: a header that is no JSON object of tensors is an error") {
  CHECK(error_of_file("{\"a\":").starts_with(start + "the header is not well-formed JSON: "));
  CHECK(error_of_file("[1]") == start + "the header is no JSON object");
  CHECK(error_of_file(R"({"a":1})") == start_of_a + "expected an object");
  CHECK(error_of_file(R"({"a":{}})") == start_of_a + "it has no dtype");
  CHECK(error_of_file(R"({"a":{"dtype":"F32"}})") == start_of_a + "it has no shape");
  CHECK(error_of_file(R"({"a":{"dtype":"F32","shape":[2]}})") ==
        start_of_a + "it has no data_offsets");
  CHECK(error_of_file(R"({"a":)" + tensor("F32", "[-2]", "[0,8]") + "}") ==
        start_of_a + "expected numbers from 0 in shape");
  CHECK(error_of_file(R"({"a":)" + tensor("F32", "[2]", "[8,0]") + "}")
            .starts_with(start_of_a + "data_offsets must be two numbers"));
  const std::string twice = tensor("F32", "[1]", "[0,4]");
  CHECK(error_of_file(R"({"a":)" + twice + R"(,"a":)" + twice + "}") ==
        start_of_a + "the name is given twice");
}

TEST_CASE("safetensors: tensors have the bytes of their shape, and every byte one tensor") {
  CHECK(error_of_file(R"({"a":)" + tensor("F32", "[3]", "[0,8]") + "}") ==
        start_of_a + "the shape [3] of F32 needs 12 bytes, data_offsets have 8");
  CHECK(error_of_file(R"({"a":)" + tensor("F32", "[4]", "[0,16]") + "}") ==
        start_of_a + "it ends at byte 16 of the data, found 8 bytes: the file is cut short");
  CHECK(error_of_file(R"({"a":)" + tensor("F32", "[4294967296,4294967296]", "[0,8]") + "}") ==
        start_of_a + "the shape [4294967296,4294967296] is larger than any file");
  const std::string first = R"({"b":)" + tensor("F32", "[1]", "[0,4]") + R"(,"a":)";
  CHECK(error_of_file(first + tensor("I16", "[3]", "[2,8]") + "}") ==
        start_of_a + "it overlaps with another tensor");
  CHECK(error_of_file(first + tensor("I8", "[2]", "[6,8]") + "}") ==
        start_of_a + "bytes before it belong to no tensor");
  CHECK(error_of_file(first + tensor("I8", "[2]", "[4,6]") + "}") ==
        start + "2 bytes at the end belong to no tensor");
}

TEST_CASE("safetensors: types that are not read are refused when they are asked for") {
  const std::string header = R"({"a":)" + tensor("F8_E4M3", "[4]", "[0,4]") + R"(,"b":)" +
                             tensor("F32", "[1]", "[4,8]") + "}";
  CHECK(error_of_file(header, "12345678", "a") ==
        "unsupported-type|d.st#a: dtype 'F8_E4M3' is not read, expected F64, F32, F16, BF16, BOOL "
        "or integers");
  CHECK(error_of_file(header, "12345678", "b") == "no error");
  CHECK(error_of_file(header) == "missing-array|d.st: the file holds 2 tensors");
  CHECK(error_of_file(header, "12345678", "c") == "missing-array|d.st: there is no tensor 'c'");
  CHECK(error_of_file(R"({"__metadata__":{"format":"pt"}})", "") ==
        "no-data|d.st: the file holds no tensors");
}

TEST_CASE("safetensors: the tensor that was asked for as id names the samples of the others") {
  const std::string header =
      R"({"id":)" + tensor("I16", "[2]", "[0,4]") + R"(,"p":)" + tensor("U8", "[2]", "[4,6]") + "}";
  const auto container = open_safetensors(
      bytes_of(file_of(header, std::string("\x07\0\x05\x01", 4) + "AB"), "d.st"), "id");
  CHECK(container->names() == std::vector<std::string>{"p"});
  const Array array = container->array("p");
  CHECK(values_of(array) == std::vector<double>{65, 66});
  REQUIRE(array.keys());
  CHECK(array.keys()->words() == std::vector<std::string>{"7", "261"});
}
