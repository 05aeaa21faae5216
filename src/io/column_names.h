/// What the name of a column or of a key of records tells of what it holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace losscalc::io {

/// Whether a column of this name holds keys as a rule: id, index, SampleId, image, date, ...
bool names_key(std::string_view name);

/// `Unnamed: 0`, as pandas names the column without a name that it wrote for its index.
bool names_nothing(std::string_view name);

/// Whether a column of this name holds a whole input of a loss (predict, label, target, ...), and
/// so none of several classes or outputs.
bool names_input(std::string_view name);

/// A name around the last number in it: p_12 -> p_, 12 and nothing; class2_prob -> class, 2, _prob.
struct NumberedName {
  std::string prefix;
  std::optional<std::int64_t> number;  ///< nothing if there is none
  std::string suffix;
};
NumberedName numbered_name(std::string_view name);

}  // namespace losscalc::io
