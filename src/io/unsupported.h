/// Formats that are known and not read.
#pragma once

#include <string>
#include <vector>

#include "io/bytes.h"

namespace losscalc::io {

/// Throws Error(unknown_format) that names the format and says how to convert it, if the content is
/// of such a format, be it binary or text.
void refuse_unsupported_content(const Bytes& content);

/// The same for a file whose name has the ending of such a format and whose content doesn't tell.
void refuse_unsupported_ending(const Bytes& content);

/// The same for a ZIP archive that holds no NPY file, by the names of its members.
void refuse_unsupported_archive(const std::vector<std::string>& members, const std::string& file);

}  // namespace losscalc::io
