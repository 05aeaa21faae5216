#include "io/mapped_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <vector>

#include "io/bytes.h"
#include "io/from_text.h"
#include "io/numpy/npy.h"
#include "io/numpy/write.h"
#include "io/temporary_directory.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

constexpr std::size_t two_pieces = 2 * MappedFile::max_copied;

std::string counted_text(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * i % 251);
  return text;
}

std::shared_ptr<const MappedFile> mapped(const std::string& file, Access access) {
  return std::make_shared<const MappedFile>(file, OpenFile(::open(file.c_str(), O_RDONLY)),
                                            std::filesystem::file_size(file), access);
}

bool are_equal(std::span<const std::byte> bytes, const std::shared_ptr<const std::byte[]>& copy) {
  return std::equal(bytes.begin(), bytes.end(), copy.get());
}

}  // namespace

TEST_CASE("a copied piece has the bytes that are mapped, wherever it begins") {
  const TemporaryDirectory folder;
  const auto file = mapped(folder.write("x.bin", counted_text(two_pieces)), Access::copied);
  REQUIRE(file->bytes().size() == two_pieces);
  for (const std::size_t offset : {std::size_t{0}, std::size_t{129}, MappedFile::max_copied}) {
    const auto part = file->bytes().subspan(offset, MappedFile::max_copied);
    CHECK(are_equal(part, file->copy(part)));
  }
}

TEST_CASE("copies that are held at a time lie apart, and buffers given back are used again") {
  const TemporaryDirectory folder;
  const auto file = mapped(folder.write("x.bin", counted_text(two_pieces)), Access::copied);
  const auto first = file->bytes().first(MappedFile::least_copied);
  const auto last = file->bytes().last(MappedFile::least_copied);
  auto copy_of_first = file->copy(first);
  const auto copy_of_last = file->copy(last);
  CHECK(are_equal(first, copy_of_first));
  CHECK(are_equal(last, copy_of_last));
  const std::byte* const place = copy_of_first.get();
  copy_of_first.reset();
  CHECK(file->copy(last).get() == place);
}

TEST_CASE("a copy outlives its file") {
  const TemporaryDirectory folder;
  const std::string text = counted_text(two_pieces);
  auto file = mapped(folder.write("x.bin", text), Access::copied);
  const auto copy = file->copy(file->bytes().first(MappedFile::least_copied));
  file.reset();
  CHECK(std::memcmp(copy.get(), text.data(), MappedFile::least_copied) == 0);
}

TEST_CASE("pieces are copied within limits of size, and never of a file that is better mapped") {
  const TemporaryDirectory folder;
  const std::string name = folder.write("x.bin", counted_text(two_pieces));
  const auto copied = mapped(name, Access::copied);
  CHECK_FALSE(copied->copies(MappedFile::least_copied - 1));
  CHECK(copied->copies(MappedFile::least_copied));
  CHECK(copied->copies(MappedFile::max_copied));
  CHECK_FALSE(copied->copies(MappedFile::max_copied + 1));
  CHECK_FALSE(mapped(name, Access::mapped)->copies(MappedFile::least_copied));
  // So short a file is mapped in no time, whatever its pages.
  CHECK_FALSE(mapped(name, Access::by_page_size)->copies(MappedFile::least_copied));
}

TEST_CASE("a file that became shorter can't be copied") {
  const TemporaryDirectory folder;
  const std::string name = folder.write("x.bin", counted_text(two_pieces));
  const auto file = mapped(name, Access::copied);
  std::filesystem::resize_file(name, MappedFile::max_copied);
  CHECK(error_of([&] { file->copy(file->bytes().last(MappedFile::least_copied)); }) ==
        "cannot-read|" + name + ": cannot read: the file became shorter while it was read");
}

TEST_CASE("an array gives the same elements from copies of its file as from the mapping") {
  const TemporaryDirectory folder;
  std::vector<double> numbers(3 * MappedFile::max_copied / sizeof(double));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = 0.5 * static_cast<double>(i);
  const std::string name = (folder.path() / "x.npy").string();
  MappedNpy written(name, {numbers.size()});
  std::ranges::copy(numbers, written.values().begin());
  written.close();
  for (const Access access : {Access::mapped, Access::copied}) {
    const auto file = mapped(name, access);
    const Bytes bytes{.file = name, .data = file->bytes(), .owner = file, .mapped = file};
    const Array array = read_npy(bytes, "", "");
    REQUIRE(array.holds<double>());
    constexpr std::size_t piece = MappedFile::max_copied / sizeof(double);
    for (const std::size_t count : {std::size_t{3}, piece, 2 * piece}) {
      const std::shared_ptr<const double[]> elements = array.elements<double>(1000, count);
      CHECK(std::equal(elements.get(), elements.get() + count, numbers.begin() + 1000));
      const auto* const start = reinterpret_cast<const std::byte*>(elements.get());
      const bool lies_in_file =
          start >= file->bytes().data() && start < file->bytes().data() + file->bytes().size();
      CHECK(lies_in_file == (access == Access::mapped || count != piece));
    }
  }
}
