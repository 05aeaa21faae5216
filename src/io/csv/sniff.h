/// How a delimited text is written, found from its first rows.
#pragma once

#include <optional>
#include <string_view>

#include "io/csv/cells.h"

namespace losscalc::io {

/// The delimiter, of tab ; | , and blank, that splits the first rows into equally many fields and
/// makes most of these numbers; and a decimal comma, where the delimiter is no comma, some cell has
/// one that can't divide thousands (0,5 or 12,3456) and none has a decimal point. What is given is
/// not looked for.
CsvDialect sniff_dialect(std::string_view text, std::optional<char> delimiter = std::nullopt,
                         std::optional<char> decimal = std::nullopt);

}  // namespace losscalc::io
