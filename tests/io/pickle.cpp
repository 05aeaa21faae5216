/// Pickles that nobody's program wrote: each is an error or a value, and takes no more time or
/// memory than its length is worth.
#include "io/torch/pickle.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "io/from_text.h"
#include "io/torch/arrays.h"
#include "io/torch/rebuild.h"

using namespace losscalc;
using namespace losscalc::io;
using namespace std::string_literals;

namespace {

const Place place{.file = "d.pt"};

class NoStorages final : public torch::Storages {
 public:
  Bytes bytes_of(const torch::Storage& /*storage*/) const override {
    return {.file = "d.pt", .data = std::as_bytes(std::span(*numbers_)), .owner = numbers_};
  }
  bool are_swapped() const override { return false; }

 private:
  std::shared_ptr<const std::vector<float>> numbers_ =
      std::make_shared<const std::vector<float>>(std::initializer_list<float>{1, 2, 3, 4, 5, 6});
};

torch::Content content_of(const std::string& instructions) {
  return {torch::Pickle("\x80\x02" + instructions, place), std::make_unique<const NoStorages>()};
}

Array array_of(const std::string& instructions) {
  const torch::Content content = content_of(instructions);
  return torch::array_of(content, content.pickle.root(), place);
}

std::string pickle_error(const std::string& instructions) {
  return error_of([&] { array_of(instructions); });
}

std::string repeated(std::size_t count, const std::string& part) {
  std::string text;
  for (std::size_t k = 0; k < count; ++k) text += part;
  return text;
}

/// A tensor of a storage of six floats: its offset, shape and strides as instructions.
std::string tensor(const std::string& offset, const std::string& shape,
                   const std::string& strides) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x01"
         "0U\x03"
         "cpuK\x06tQ" +
         offset + shape + strides + "\x89}tR.";
}

}  // namespace

TEST_CASE("a pickle of tensors is read as its shape and strides say") {
  const Array array = array_of(tensor("K\x00"s, "K\x03K\x02\x86", "K\x01K\x03\x86"));
  CHECK(array.shape() == Shape{3, 2});
  CHECK(values_of(array) == std::vector<double>{1, 4, 2, 5, 3, 6});
  CHECK(values_of(array_of(tensor("K\x04", "K\x02\x85", "K\x01\x85"))) ==
        std::vector<double>{5, 6});
  CHECK(values_of(array_of(tensor("K\x01", "K\x02K\x02\x86", "K\x00K\x01\x86"s))) ==
        std::vector<double>{2, 3, 2, 3});
  CHECK(array_of(tensor("K\x09", "K\x00K\x02\x86"s, "K\x02K\x01\x86")).shape() == Shape{0, 2});
}

TEST_CASE("a tensor that reaches beyond its storage is an error") {
  const std::string beyond =
      "malformed-torch|d.pt: not a well-formed torch.save file: a tensor of ";
  const std::string largest = "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f";
  CHECK(pickle_error(tensor("K\x01", "K\x06\x85", "K\x01\x85")) ==
        beyond + "shape [6] reaches beyond its storage of 6 elements");
  CHECK(pickle_error(tensor("K\x06", ")", ")")).starts_with(beyond));
  CHECK(pickle_error(tensor("K\x00"s, "K\x02K\x03\x86", "K\x04K\x01\x86")).starts_with(beyond));
  CHECK(pickle_error(tensor(largest, "K\x01\x85", "K\x01\x85")).starts_with(beyond));
  CHECK(pickle_error(tensor("K\x00"s, "K\x02\x85", largest + "\x85")).starts_with(beyond));
  CHECK(pickle_error(tensor("K\x00"s, largest + "\x85", "K\x00\x85"s)).starts_with(beyond));
  CHECK(pickle_error(tensor("K\x00"s, largest + largest + "\x86", "K\x00K\x00\x86"s))
            .starts_with(beyond));
  const std::string other =
      "malformed-torch|d.pt: not a well-formed torch.save file: "
      "torch._utils._rebuild_tensor_v2 is called with other arguments than "
      "it takes";
  CHECK(pickle_error(tensor("J\xff\xff\xff\xff", "K\x01\x85", "K\x01\x85")) == other);
  CHECK(pickle_error(tensor("K\x00"s, "K\x01\x85", ")")) == other);
  CHECK(pickle_error(tensor("N", "K\x01\x85", "K\x01\x85")) == other);
  CHECK(pickle_error(tensor("K\x00"s, "(" + repeated(100, "K\x01") + "t", ")")) == other);
}

TEST_CASE("integers of every width are read, and more than 64 bits refused") {
  CHECK(values_of(array_of("](K\xffM\x01\x02J\xfe\xff\xff\xff\x8a\x00\x8a\x01\xff\x8a\x08"
                           "\x00\x00\x00\x00\x00\x00\x00\x80\x8b\x01\x00\x00\x00\x05"
                           "e."s)) ==
        std::vector<double>{255, 513, -2, 0, -1, -9223372036854775808.0, 5});
  CHECK(pickle_error("\x8a\x09"
                     "123456789.")
            .starts_with("not-a-number|"));
  CHECK(values_of(array_of("(K\x01\x88G\x3f\xf8\x00\x00\x00\x00\x00\x00t."s)) ==
        std::vector<double>{1, 1, 1.5});
}

TEST_CASE("lists that differ in length, or hold other values, are errors that say where") {
  CHECK(pickle_error("](](K\x01K\x02"
                     "e](K\x01"
                     "ee.") ==
        "ragged|d.pt[1]: ragged list: expected a list of 2 elements, found a list of 1 element");
  CHECK(pickle_error("](K\x01Ne.") == "not-a-number|d.pt[1]: expected a number");
  CHECK(pickle_error("](U\x01"
                     "aK\x01"
                     "e.") == "not-a-number|d.pt[1]: expected a text as before");
}

TEST_CASE("a pickle that lacks what its instructions take is an error") {
  const std::string start = "malformed-torch|d.pt: not a well-formed torch.save file: ";
  CHECK(pickle_error("") == start + "it ends within its pickle");
  CHECK(pickle_error("X\xff\xff\xff\xff"
                     "abc") == start + "it ends within its pickle");
  CHECK(pickle_error("\x8d\xff\xff\xff\xff\xff\xff\xff\xff") ==
        start + "it ends within its pickle");
  CHECK(pickle_error("ctorch") == start + "it ends within its pickle");
  for (const std::string& instructions :
       {"."s, "0."s, "2."s, "a."s, "Na."s, "s."s, "NNs."s, "R."s, "NR."s, "Q."s, "b."s,
        "U\x01x\x93."s, "\x87."s, "q\x01."s, "(a."s, "(N(a."s}) {
    CAPTURE(instructions);
    CHECK(pickle_error(instructions) == start + "an instruction of its pickle lacks an operand");
  }
  for (const std::string& instructions : {"t."s, "e."s, "u."s, "1."s, "d."s}) {
    CAPTURE(instructions);
    CHECK(pickle_error(instructions) == start + "an instruction of its pickle lacks a mark");
  }
  CHECK(pickle_error("h\x05.") == start + "its pickle refers to a value that it does not have");
  CHECK(pickle_error("NNa.") ==
        start + "an instruction of its pickle has an operand of another kind");
  CHECK(pickle_error("}(K\x01u.") == start + "a key of a dictionary has no value");
  CHECK(pickle_error("\xff.") == start + "its pickle has an unknown instruction 255");
  CHECK(pickle_error("NQ.") == start + "a persistent id is no tuple");
}

TEST_CASE("names and instructions beyond those of tensors are refused by name") {
  CHECK(pickle_error("cos\nsystem\nU\x02ls\x85R.") ==
        "unsupported-type|d.pt: the file holds a Python object ('os.system'), expected tensors, "
        "numbers, lists and dictionaries");
  CHECK(pickle_error("\x8c\x05posix\x8c\x06system\x93.").find("'posix.system'") !=
        std::string::npos);
  CHECK(pickle_error("(ios\nsystem\n.")
            .starts_with("unsupported-type|d.pt: the file's pickle has the instruction INST, "));
  CHECK(pickle_error("\x8f.").find("EMPTY_SET") != std::string::npos);
}

TEST_CASE("values that hold themselves or each other many times over end in an error") {
  CHECK(pickle_error("]q\x01h\x01"
                     "a.")
            .starts_with("ragged|"));
  CHECK(pickle_error("}q\x01U\x01kh\x01s.").starts_with("missing-array|"));
  CHECK(torch::members(content_of("}q\x01U\x01kh\x01s.").pickle).empty());
  CHECK(pickle_error(repeated(100000, "](") + repeated(100000, "e") + ".")
            .starts_with("ragged|d.pt"));
  std::string doubled =
      "](K\x01K\x01"
      "eq\x01";
  for (int level = 0; level < 40; ++level)
    doubled +=
        "](h\x01h\x01"
        "eq\x01";
  CHECK(pickle_error(doubled + ".").starts_with("ragged|"));
  std::string dictionaries = "}U\x01xK\x01sq\x01";
  for (int level = 0; level < 31; ++level)
    dictionaries +=
        "}(U\x01"
        "ah\x01U\x01"
        "bh\x01uq\x01";
  CHECK(error_of([&] { torch::members(content_of(dictionaries + ".").pickle); }) ==
        "unsupported-type|: the values of the file refer to each other too often to be listed");
}
