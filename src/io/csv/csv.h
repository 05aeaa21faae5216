/// CSV and TSV tables as arrays (RFC 4180; fragments of RFC 7111).
///
/// The first row is a header if no cell of it is a number with a decimal point or exponent, and
/// some cell of it is a word while the cell below it is a number; or if it holds no number at all
/// and none of its words stands again below it in its column (or, where names of classes are known,
/// is one of these). A single row of words is a header without rows. An empty cell is no word.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "io/bytes.h"
#include "io/container.h"

namespace losscalc::io {

/// The selected columns: [N] for one, [N,K] for several; words if the first cells are words.
/// Without a fragment, all columns. `delimiter` overrides what is sniffed. Throws Error:
/// malformed_csv, not_a_number, no_data, bad_fragment.
Array read_csv(const Bytes& bytes, std::string_view fragment, const ReadOptions& options,
               std::optional<char> delimiter);

/// Arrays by the names in the header. Throws Error as read_csv does, and missing_array without a
/// header.
std::unique_ptr<Container> open_csv(const Bytes& bytes, const ReadOptions& options,
                                    std::optional<char> delimiter);

}  // namespace losscalc::io
