/// Files that torch.save wrote, and safetensors: what they hold, and that no damage to them does
/// more than an error.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/from_text.h"
#include "io/read.h"
#include "io/safetensors/safetensors.h"
#include "io/torch/torch.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

using Numbers = std::vector<double>;

const std::filesystem::path folder =
    std::filesystem::path(LOSSCALC_SOURCE_DIR) / "tests" / "reference" / "tensors";

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

nlohmann::json rows_of(const std::string& name) {
  return nlohmann::json::parse(content_of(folder / name));
}

std::string reference_of(const nlohmann::json& row) {
  const auto fragment = row["fragment"].get<std::string>();
  return (folder / row["file"].get<std::string>()).string() + (fragment.empty() ? "" : "#") +
         fragment;
}

Numbers numbers_of(const nlohmann::json& row) {
  Numbers numbers;
  for (const nlohmann::json& item : row["data"])
    numbers.push_back(item.is_boolean() ? (item.get<bool>() ? 1 : 0) : item.get<double>());
  return numbers;
}

/// A stride of 0 makes an array of any size out of a few bytes.
void read(const Array& array) {
  if (array.type() == ElementType::text) {
    static_cast<void>(array.words());
  } else if (array.size() < 1000000) {
    static_cast<void>(values_of(array));
  }
}

/// Reads everything that a file holds.
void read_all(const Container& container) {
  for (const std::string& name : container.names()) read(container.array(name));
}

/// Of a file with a name as `file`.
void read_content(const std::string& content, const std::string& file) {
  const Bytes bytes = bytes_of(content, "d.pt");
  if (file == "single.pt") {
    read(read_torch(bytes, ""));
  } else {
    read_all(*(file.ends_with(".safetensors") ? open_safetensors(bytes) : open_torch(bytes)));
  }
}

}  // namespace

TEST_CASE("tensors have the shapes, types and numbers that they were saved with") {
  const nlohmann::json rows = rows_of("expected.json");
  REQUIRE(rows.size() > 100);
  for (const nlohmann::json& row : rows) {
    const std::string reference = reference_of(row);
    CAPTURE(reference);
    const Array array = read_array(reference, {});
    CHECK(name(array.type()) == row["type"].get<std::string>());
    CHECK(array.shape() == row["shape"].get<Shape>());
    if (array.type() == ElementType::text) {
      CHECK(array.words() == row["data"].get<std::vector<std::string>>());
    } else {
      CHECK(values_of(array) == numbers_of(row));
    }
  }
}

TEST_CASE("what is no tensor is refused by its name") {
  for (const nlohmann::json& row : rows_of("refused.json")) {
    const auto file = (folder / row["file"].get<std::string>()).string();
    CAPTURE(file);
    const auto read = [&] { read_all(*open_container(file, {})); };
    const std::string error = error_of(read);
    CHECK(error.starts_with("unsupported-type|" + file));
    CHECK(error.find(row["names"].get<std::string>()) != std::string::npos);
    CHECK_FALSE(hint_of(read).empty());
  }
}

TEST_CASE("every truncation of a file of tensors is an error") {
  for (const std::string file : {"zip.pt", "legacy.pt", "single.pt", "all.safetensors"}) {
    const std::string content = content_of(folder / file);
    for (std::size_t size = 0; size < content.size(); ++size) {
      CAPTURE(file);
      CAPTURE(size);
      CHECK_THROWS_AS(read_content(content.substr(0, size), file), Error);
    }
  }
}

TEST_CASE("a file of tensors with any byte changed is read or is an error") {
  for (const std::string file : {"legacy.pt", "zip.pt", "single.pt", "all.safetensors"}) {
    const std::string content = content_of(folder / file);
    std::size_t errors = 0;
    for (std::size_t at = 0; at < content.size(); ++at) {
      for (const unsigned change : {0x01U, 0x80U, 0xffU}) {
        std::string changed = content;
        changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ change);
        try {
          read_content(changed, file);
        } catch (const Error&) {
          ++errors;
        }
      }
    }
    CHECK(errors > content.size());
  }
}
