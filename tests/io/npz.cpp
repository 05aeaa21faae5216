/// Members of an archive: inflated, or used where they stand.
#include "io/numpy/npz.h"

#include <doctest/doctest.h>
#include <zip.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "io/from_text.h"
#include "io/numpy/write.h"
#include "io/temporary_directory.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

using Numbers = std::vector<double>;

std::string npy_of(const Numbers& values) {
  std::string text = npy_header({values.size()});
  for (const double value : values) {
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    text += bytes;
  }
  return text;
}

/// The bytes of an archive that holds a.npy, b.npy, ... by one method.
std::string archive_of(const std::vector<Numbers>& members, std::int32_t method) {
  const TemporaryDirectory folder;
  const std::string file = (folder.path() / "d.npz").string();
  zip_t* const archive = ::zip_open(file.c_str(), ZIP_CREATE, nullptr);
  std::vector<std::string> texts;
  for (const Numbers& values : members) texts.push_back(npy_of(values));
  std::string name = "a.npy";
  for (const std::string& text : texts) {
    zip_source_t* const source = ::zip_source_buffer(archive, text.data(), text.size(), 0);
    const zip_int64_t index = ::zip_file_add(archive, name.c_str(), source, 0);
    ::zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0);
    ++name[0];
  }
  REQUIRE(::zip_close(archive) == 0);
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Where the number stands in the archive.
std::size_t find(std::string_view archive, double value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return archive.find(bytes);
}

}  // namespace

TEST_CASE("NPZ: stored members are read where they stand in the archive") {
  std::string archive = archive_of({{1.25, 2.5}, {3.75}}, ZIP_CM_STORE);
  const Bytes bytes{"d.npz", std::as_bytes(std::span(archive)), nullptr};
  const Array first = read_npz(bytes, "a");
  const Array second = read_npz(bytes, "b");
  CHECK(values_of(first) == Numbers{1.25, 2.5});
  CHECK(values_of(second) == Numbers{3.75});
  const double other = 7.5;
  std::memcpy(archive.data() + find(archive, 3.75), &other, sizeof other);
  CHECK(values_of(second) == Numbers{7.5});
}

TEST_CASE("NPZ: members larger than a piece that is read at once, stored and deflated") {
  Numbers values(400000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i % 1000);
  for (const std::int32_t method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
    CAPTURE(method);
    const Bytes bytes = bytes_of(archive_of({{1}, values, {2}}, method), "d.npz");
    CHECK(values_of(read_npz(bytes, "b")) == values);
    CHECK(values_of(read_npz(bytes, "c")) == Numbers{2});
  }
}

TEST_CASE("NPZ: a stored member that was changed is an error") {
  std::string archive = archive_of({{1.25, 2.5}}, ZIP_CM_STORE);
  archive[find(archive, 2.5) + 7] ^= 1;
  CHECK(error_of([&] {
          read_npz(bytes_of(archive, "d.npz"), "");
        }).starts_with("malformed-npz|d.npz#a: not a well-formed NPZ archive: "));
}
