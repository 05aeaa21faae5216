/// Where a text stops being JSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace losscalc::io {

/// Throws Error(malformed_json) with the line, counted from `first_line`, and the column of the
/// first mistake in `text`; with `reason` where the text is well-formed and can't be read all the
/// same.
[[noreturn]] void throw_malformed(const std::string& file, std::string_view text,
                                  std::size_t first_line, const std::string& reason);

}  // namespace losscalc::io
