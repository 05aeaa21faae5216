#include "io/compressed/compression.h"

#include <doctest/doctest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

#include "io/format.h"
#include "io/from_text.h"
#include "io/read.h"
#include "io/temporary_directory.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

std::string gzipped(const std::string& text) {
  const TemporaryDirectory folder;
  const std::string file = (folder.path() / "x.gz").string();
  const gzFile out = ::gzopen(file.c_str(), "wb");
  ::gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  ::gzclose(out);
  return std::string(load(file).text());
}

std::string zstandard(const std::string& text) {
  std::string packed(::ZSTD_compressBound(text.size()), '\0');
  packed.resize(::ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string unpacked(const std::string& packed) {
  return std::string(decompressed(bytes_of(packed, "x")).text());
}

std::string error(const std::string& packed) {
  return error_of([&] { unpacked(packed); });
}

/// Some megabytes that don't repeat.
std::string long_text() {
  std::string text;
  for (std::size_t i = 0; i < 400000; ++i) text += std::to_string(i * 7919 % 1000003) + "\n";
  return text;
}

using Pack = std::string (*)(const std::string&);

}  // namespace

TEST_CASE("what is packed is unpacked, of every size, in one part or several") {
  const std::string large = long_text();
  for (const Pack pack : {&gzipped, &zstandard}) {
    for (const std::string& text : {std::string("1,2.0\n"), large, std::string(1 << 20, 'x')}) {
      CHECK(unpacked(pack(text)) == text);
      CHECK(unpacked(pack(text) + pack("3,4\n") + pack("")) == text + "3,4\n");
    }
    CHECK(unpacked(pack("")).empty());
  }
  CHECK(unpacked("1,2.0\n") == "1,2.0\n");
}

TEST_CASE("packed files that are cut short are errors wherever the cut is") {
  for (const Pack pack : {&gzipped, &zstandard}) {
    const std::string packed = pack("0.125,0.25\n0.5,0.75\n");
    for (std::size_t length = 4; length < packed.size(); ++length) {
      CAPTURE(length);
      CHECK(error(packed.substr(0, length)).starts_with("malformed-compression|x: the "));
      CHECK(error(packed.substr(0, length)).ends_with("data are cut short"));
    }
  }
}

TEST_CASE("packed files that were changed are errors") {
  for (const Pack pack : {&gzipped, &zstandard}) {
    std::string packed = pack(long_text());
    packed[packed.size() / 2] = static_cast<char>(~packed[packed.size() / 2]);
    packed[packed.size() / 2 + 1] = static_cast<char>(~packed[packed.size() / 2 + 1]);
    CHECK(error(packed).starts_with("malformed-compression|x: the "));
  }
  std::string checksum = gzipped("1,2.0\n");
  checksum[checksum.size() - 8] ^= 1;
  CHECK(error(checksum) ==
        "malformed-compression|x: the gzip data are corrupt: incorrect data check");
}

TEST_CASE("what stands behind packed data is an error, but for zeros behind gzip") {
  CHECK(error(gzipped("1\n") + "abc") ==
        "malformed-compression|x: 3 bytes behind the gzip data, and no further member");
  CHECK(unpacked(gzipped("1\n") + std::string(512, '\0')) == "1\n");
  CHECK(error(zstandard("1\n") + "abcdef").starts_with("malformed-compression|x: the zstd data"));
}

TEST_CASE("what is packed twice is refused") {
  CHECK(error(gzipped(zstandard("1\n"))) ==
        "malformed-compression|x: the content is compressed twice: by zstd, then by gzip");
  CHECK(hint_of([] { unpacked(gzipped(gzipped("1\n"))); }) == "unpack it once: gunzip -k x");
}

TEST_CASE("the ending before that of a compression tells the format") {
  CHECK(format_of_file("d.csv.gz")->name == "csv");
  CHECK(format_of_file("d.NPY.ZST")->name == "npy");
  CHECK(format_of_file("a.b/d.json.gzip")->name == "json");
  CHECK(format_of_file("d.gz") == nullptr);
  const TemporaryDirectory folder;
  CHECK(values_of(read_array(folder.write("d.tsv.zstd", zstandard("1\t2\n")), {})) ==
        std::vector<double>{1, 2});
}

TEST_CASE("a file whose name alone says that it is packed is read as it is") {
  const TemporaryDirectory folder;
  CHECK(values_of(read_array(folder.write("d.csv.gz", "1,2.0\n"), {})) ==
        std::vector<double>{1, 2});
}

TEST_CASE("a packed file is unpacked once while its content is in use, and anew when it changes") {
  const TemporaryDirectory folder;
  const std::string file = folder.write("d.csv.gz", gzipped("1,2\n"));
  const Bytes first = decompressed(load(file));
  CHECK(decompressed(load(file)).data.data() == first.data.data());
  folder.write("d.csv.gz", gzipped("3,4,5\n"));
  CHECK(decompressed(load(file)).text() == "3,4,5\n");
  CHECK(first.text() == "1,2\n");
}

TEST_CASE("a packed file of nothing is empty") {
  const TemporaryDirectory folder;
  const std::string file = folder.write("d.csv.gz", gzipped(""));
  CHECK(error_of([&] { read_array(file, {}); }) == "no-data|" + file + ": the file is empty");
}
