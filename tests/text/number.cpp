#include "text/number.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

using namespace losscalc::text;

TEST_CASE("decimal numbers are read whole") {
  CHECK(parse_number("0") == 0.0);
  CHECK(parse_number("+1") == 1.0);
  CHECK(parse_number("-1.5e-3") == -1.5e-3);
  CHECK(parse_number(".5") == 0.5);
  CHECK(parse_number("5.") == 5.0);
  CHECK(parse_number("1E5") == 1e5);
  CHECK(std::signbit(*parse_number("-0")));
}

TEST_CASE("nan and inf are numbers, signed and in any case") {
  CHECK(std::isnan(*parse_number("nan")));
  CHECK(std::isnan(*parse_number("-NaN")));
  CHECK(parse_number("inf") == HUGE_VAL);
  CHECK(parse_number("+Inf") == HUGE_VAL);
  CHECK(parse_number("-Infinity") == -HUGE_VAL);
}

TEST_CASE("texts that are no whole decimal number give nothing") {
  for (const char* text :
       {"",    " ",   " 1",  "1 ",    "+",     "-",   ".",  "e5", "1e",    "1e+",  "0x10", "1,5",
        "--1", "+-1", "++1", "1.2.3", "1_000", "abc", "1a", "na", "infin", "true", "+ 1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number(text).has_value());
  }
}

TEST_CASE("overflow gives nothing, underflow zero or a denormal") {
  CHECK_FALSE(parse_number("1e999").has_value());
  CHECK_FALSE(parse_number("-1e999").has_value());
  CHECK_FALSE(parse_number("2e308").has_value());
  CHECK(parse_number("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(parse_number("1e-999") == 0.0);
  CHECK(std::signbit(*parse_number("-1e-999")));
  CHECK(parse_number("5e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(parse_number("0e999") == 0.0);
}

TEST_CASE("integers are read whole") {
  CHECK(parse_integer("+42") == 42);
  CHECK(parse_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"", "1.0", "1e3", "9223372036854775808", " 1", "1 ", "+-1", "x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_integer(text).has_value());
  }
}

TEST_CASE("the shortest text of a number is as people write it") {
  CHECK(shortest(0.1) == "0.1");
  CHECK(shortest(1.0) == "1");
  CHECK(shortest(-0.0) == "-0");
  CHECK(shortest(1e-5) == "1e-05");
  CHECK(shortest(0.4337502838523616) == "0.4337502838523616");
  CHECK(shortest(std::nan("")) == "NaN");
  CHECK(shortest(HUGE_VAL) == "Infinity");
  CHECK(shortest(-HUGE_VAL) == "-Infinity");
}

TEST_CASE("the shortest text of any finite double reads back to the same bits") {
  std::mt19937_64 random(1);
  for (int k = 0; k < 20000; ++k) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    const auto read = parse_number(shortest(value));
    REQUIRE(read.has_value());
    REQUIRE(std::bit_cast<std::uint64_t>(*read) == std::bit_cast<std::uint64_t>(value));
  }
}

TEST_CASE("rounded numbers have so many significant digits") {
  CHECK(rounded(0.4337502838523616, 3) == "0.434");
  CHECK(rounded(1234567.0, 3) == "1.23e+06");
  CHECK(rounded(2.0, 5) == "2");
  CHECK(rounded(std::nan(""), 3) == "NaN");
  CHECK(rounded(-HUGE_VAL, 3) == "-Infinity");
}

TEST_CASE("numbers of many digits are printed whole") {
  CHECK(rounded(0.1, 17) == "0.10000000000000001");
  CHECK(rounded(0.1, 60).starts_with("0.1000000000000000055511151231257827021181583404541015625"));
  CHECK(rounded(-5e-324, 100).ends_with("e-324"));
}
