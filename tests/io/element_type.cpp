/// Types of elements: their numbers, and how exact these are.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "io/array.h"

using namespace losscalc;
using namespace losscalc::io;

namespace {

/// Two bytes a number, the lower one first.
using Pairs = std::array<unsigned char, 14>;

Array bfloat16_array(const Pairs& bytes, bool swapped) {
  const auto held = std::make_shared<const Pairs>(bytes);
  return {std::as_bytes(std::span(*held)).data(),
          ElementType::bfloat16,
          swapped,
          {bytes.size() / 2},
          {2},
          held,
          [](auto) { return Place{}; }};
}

}  // namespace

TEST_CASE("bfloat16 is the upper half of a float, with infinities, NaN and denormals") {
  const Pairs little{0x80, 0x3f, 0x00, 0xc0, 0x49, 0x40, 0x80, 0x7f, 0x80, 0xff, 0xc0, 0x7f, 1, 0};
  Pairs big{};
  for (std::size_t k = 0; k < little.size(); ++k) big[k] = little[k ^ 1U];
  for (const bool swapped : {false, true}) {
    std::vector<double> values(7);
    bfloat16_array(swapped ? big : little, swapped).read(0, values);
    const double infinity = std::numeric_limits<double>::infinity();
    CHECK(std::vector(values.begin(), values.begin() + 5) ==
          std::vector<double>{1, -2, 3.140625, infinity, -infinity});
    CHECK(std::isnan(values[5]));
    CHECK(values[6] == 0x1p-133);
  }
}

TEST_CASE("the machine epsilon is that of the stored type") {
  CHECK(machine_epsilon(ElementType::bfloat16) == 0x1p-7);
  CHECK(machine_epsilon(ElementType::float16) == 0x1p-10);
  CHECK(machine_epsilon(ElementType::float32) == std::numeric_limits<float>::epsilon());
  CHECK(machine_epsilon(ElementType::float64) == std::numeric_limits<double>::epsilon());
  CHECK(machine_epsilon(ElementType::int32) == std::numeric_limits<double>::epsilon());
}

TEST_CASE("bfloat16 is a type of two bytes and no integer") {
  CHECK(name(ElementType::bfloat16) == "bfloat16");
  CHECK(byte_size(ElementType::bfloat16) == 2);
  CHECK_FALSE(is_integer(ElementType::bfloat16));
  CHECK(name(ElementType::text) == "text");
  CHECK(name(ElementType::float64) == "float64");
}
