/// Command lines for messages that convert a file into one that is read here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "diagnostics/error.h"

namespace losscalc::io {

/// Whether a command takes a file that is compressed as a whole, or must have it unpacked before.
enum class Takes : std::uint8_t { unpacked, compressed };

/// The shell command of `line`, which is Python where it begins with "import ", with the names of
/// the place put in: {file} and {stem} are its file with and without its ending, {array} is the
/// expression that loads it by NumPy, be it a file or a member of an archive, which {member}
/// selects. A file without a name, or with one that would need quoting, is called FILE.
std::string conversion(std::string_view line, const Place& place, Takes takes = Takes::unpacked);

}  // namespace losscalc::io
