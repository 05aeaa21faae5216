/// Numbers as text: one parser and one printer for the whole program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace losscalc::text {

/// Reads a whole decimal floating-point text, `nan` and `inf` (any case, signed) included; one
/// leading '+' is allowed, blanks are not. Underflow gives a signed zero or a denormal; overflow
/// ("1e999") and anything else gives nothing.
std::optional<double> parse_number(std::string_view text);

/// Reads a whole decimal integer; one leading '+' is allowed.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// The shortest text that reads back to the same double; `NaN`, `Infinity`, `-Infinity` for what
/// has no digits.
std::string shortest(double value);

/// `value` rounded to `digits` significant digits, otherwise as shortest().
std::string rounded(double value, int digits);

}  // namespace losscalc::text
