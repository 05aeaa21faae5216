/// How a foreign program failed.
#pragma once

#include <string>
#include <string_view>

namespace losscalc::process {

/// The first 200 bytes between single quotes, control characters made visible.
std::string quoted(std::string_view bytes);

/// Throws Error(program_failed); `command` stands where other messages have a file.
[[noreturn]] void fail(const std::string& command, const std::string& message,
                       const std::string& hint = {});

}  // namespace losscalc::process
