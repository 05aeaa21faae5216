/// Arrays of a file that holds several by name, as fragments name them.
#pragma once

#include <string>
#include <string_view>

#include "io/array.h"

namespace losscalc::io {

/// NAME, or NAME&col=... taken apart.
struct MemberFragment {
  std::string name;
  std::string columns;  ///< `col=...`, or empty
};
MemberFragment parse_member_fragment(std::string_view fragment);

/// The columns of a two-dimensional array that `fragment` (`col=...`) selects; all of it where that
/// is empty. Throws Error(bad_fragment).
Array with_columns(Array array, std::string_view fragment);

/// Integers [N], or words, as keys of samples: an integer is the word of its digits. Numbers that
/// are no integers, or beyond 2^53 in a type that does not tell them apart, throw Error
/// (unsupported_type) when they are read; another rank throws Error(shape_mismatch) here.
Array as_keys(const Array& array);

}  // namespace losscalc::io
