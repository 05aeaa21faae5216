#include "io/spool.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "io/from_text.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

Bytes spooled(std::size_t max_in_memory, const std::string& piece, int pieces) {
  Spool spool(max_in_memory);
  for (int i = 0; i < pieces; ++i) spool.append(std::as_bytes(std::span(piece)));
  return spool.finish("-");
}

}  // namespace

TEST_CASE("a spool gives back what was appended, from memory and from its file") {
  const std::string piece = "0123456789";
  for (const std::size_t most : {0U, 9U, 10U, 55U, 1000U}) {
    CAPTURE(most);
    const Bytes bytes = spooled(most, piece, 10);
    CHECK(bytes.file == "-");
    REQUIRE(bytes.text().size() == 100);
    for (std::size_t i = 0; i < 100; i += 10) CHECK(bytes.text().substr(i, 10) == piece);
  }
  CHECK(spooled(0, piece, 0).text().empty());
}

TEST_CASE("a spool without a folder to write in says so") {
  const char* const before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/no/such/folder", 1);
  const std::string error = error_of([] { spooled(5, "0123456789", 1); });
  if (before == nullptr) {
    ::unsetenv("TMPDIR");
  } else {
    ::setenv("TMPDIR", kept.c_str(), 1);
  }
  CHECK(error ==
        "cannot-write|/no/such/folder: cannot write a temporary file: No such file or directory");
}
