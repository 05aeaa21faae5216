/// gzip (RFC 1952): one member or several, one behind the other.
#pragma once

#include <string_view>

#include "io/bytes.h"

namespace losscalc::io {

class Spool;

bool begins_as_gzip(std::string_view content);

/// Throws Error(malformed_compression).
void unpack_gzip(const Bytes& bytes, Spool& out);

}  // namespace losscalc::io
