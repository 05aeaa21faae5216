#include "io/png/png.h"

#include <doctest/doctest.h>

#include <string>

#include "io/bytes.h"
#include "io/from_text.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

std::string sample() {
  return std::string(load(LOSSCALC_SOURCE_DIR "/tests/reference/formats/grey-0.png").text());
}

std::string error(const std::string& content) {
  return error_of([&] { values_of(read_png(bytes_of(content, "x.png"), "")); });
}

}  // namespace

TEST_CASE("PNG: an image that is cut short anywhere before the sum behind its end is an error") {
  const std::string whole = sample();
  for (std::size_t length = 8; length < whole.size() - 4; ++length) {
    CAPTURE(length);
    CHECK(error(whole.substr(0, length))
              .starts_with("malformed-png|x.png: not a well-formed PNG image: "));
  }
}

TEST_CASE("PNG: an image with a changed byte is an error") {
  for (std::size_t at = 12; at < sample().size(); ++at) {
    CAPTURE(at);
    std::string changed = sample();
    changed[at] ^= 1;
    CHECK(error(changed).starts_with("malformed-png|"));
  }
}

TEST_CASE("PNG: pixels are read from any place, and again") {
  const Array image = read_png(bytes_of(sample(), "x.png"), "");
  const std::vector<double> all = values_of(image);
  for (std::size_t first = 0; first < all.size(); ++first) {
    std::vector<double> rest(all.size() - first);
    image.read(first, rest);
    CHECK(std::equal(rest.begin(), rest.end(), all.begin() + static_cast<std::ptrdiff_t>(first)));
  }
}
