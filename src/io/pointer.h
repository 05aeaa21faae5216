/// Parts of JSON Pointers (RFC 6901, sections 3 and 4).
#pragma once

#include <string>
#include <string_view>

#include "diagnostics/error.h"

namespace losscalc::io {

/// A key as a part of a pointer.
std::string pointer_part(std::string_view key);

/// The key that a part names. Throws Error(bad_fragment), with `place`, for '~' before anything but
/// 0 and 1.
std::string key_of_part(std::string_view part, const Place& place);

}  // namespace losscalc::io
