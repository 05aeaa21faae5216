/// CSV and TSV tables as arrays (RFC 4180; fragments of RFC 7111).
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "io/bytes.h"
#include "io/container.h"

namespace losscalc::io {

/// The selected columns: [N] for one, [N,K] for several; words if the first cells are words.
/// Without a fragment, all columns that are data (Table::read_data). `delimiter` overrides what is
/// sniffed. Throws Error: malformed_csv, not_a_number, no_data, bad_fragment.
Array read_csv(const Bytes& bytes, std::string_view fragment, const ReadOptions& options,
               std::optional<char> delimiter);

/// Arrays by the names in the header. Throws Error as read_csv does, and missing_array without a
/// header.
std::unique_ptr<Container> open_csv(const Bytes& bytes, const ReadOptions& options,
                                    std::optional<char> delimiter);

}  // namespace losscalc::io
