/// Arrays as evaluation sees them: one that is changed offers none of the numbers that it held.
#include "evaluation/arrays/data.h"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

/// Two integers that are offered in every form.
Data stored() {
  Data data = in_memory({3.0, 4.0}, {2}, "stored");
  data.integer = true;
  const auto elements = []<class Number>(std::vector<Number> numbers) -> StoredElements<Number> {
    return [numbers](std::size_t first, std::size_t count) {
      auto copy = std::make_shared<std::vector<Number>>(
          numbers.begin() + static_cast<std::ptrdiff_t>(first),
          numbers.begin() + static_cast<std::ptrdiff_t>(first + count));
      return std::shared_ptr<const Number[]>(copy, copy->data());
    };
  };
  data.in_place = {.floats = elements(std::vector<float>{3.0F, 4.0F}),
                   .doubles = elements(std::vector<double>{3.0, 4.0}),
                   .integers = elements(std::vector<std::int64_t>{3, 4})};
  return data;
}

bool offers_elements(const Data& data) {
  return data.in_place.floats || data.in_place.doubles || data.in_place.integers;
}

}  // namespace

TEST_CASE("an array that is read in another way does not offer its stored elements") {
  const Data data = stored();
  REQUIRE(offers_elements(data));
  const Data doubled = data.with_read([read = data.read](std::size_t first, std::span<double> out) {
    read(first, out);
    for (double& x : out) x *= 2.0;
  });
  CHECK_FALSE(offers_elements(doubled));
  CHECK(read_all(doubled) == std::vector<double>{6.0, 8.0});
  CHECK(doubled.integer);
  CHECK(doubled.shape == data.shape);
  CHECK(offers_elements(data));
}

TEST_CASE("an array with other numbers has these alone") {
  const Data data = stored();
  const Data other = data.with_values({0.5, 0.25});
  CHECK_FALSE(offers_elements(other));
  CHECK(read_all(other) == std::vector<double>{0.5, 0.25});
  CHECK(element(other, 1) == 0.25);
  CHECK_FALSE(other.integer);
  CHECK(other.whole.file == "stored");
  CHECK(read_all(data) == std::vector<double>{3.0, 4.0});
}
