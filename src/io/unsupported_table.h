/// The table of formats that are known and not read.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "io/conversion.h"

namespace losscalc::io {

/// Bytes that a format's files have at an offset.
struct Signature {
  std::string_view bytes;
  std::size_t offset = 0;
};

struct UnsupportedFormat {
  std::string_view name;
  std::vector<std::string_view> endings = {};
  std::vector<Signature> signatures = {};
  /// Of texts and of signatures too short to be certain.
  bool (*looks_like)(std::string_view content) = nullptr;
  /// What an archive of this format has among its members.
  std::string_view member = {};
  /// What to do, and the line that does it (io/conversion.h), if any.
  std::string_view advice = "convert it";
  std::string_view conversion = {};
  Takes takes = Takes::unpacked;
};

std::span<const UnsupportedFormat> unsupported_formats();

}  // namespace losscalc::io
