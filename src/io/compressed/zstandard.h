/// Zstandard (RFC 8878): one frame or several, one behind the other, and skippable frames.
#pragma once

#include <string_view>

#include "io/bytes.h"

namespace losscalc::io {

class Spool;

bool begins_as_zstandard(std::string_view content);

/// Throws Error(malformed_compression).
void unpack_zstandard(const Bytes& bytes, Spool& out);

}  // namespace losscalc::io
