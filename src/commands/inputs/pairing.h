/// Samples of several files paired by their keys.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/array.h"

namespace losscalc::commands {

/// Whether two columns of words are the same, cell by cell; only as much is read as tells them
/// apart.
bool same_words(const io::Array& one, const io::Array& other);

/// Where each key of one array stands in another.
struct KeyMatch {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::vector<std::size_t> positions;  ///< for each key of the first, or none
  std::size_t missing = 0;             ///< keys of the first that the other lacks
  std::size_t first_missing = none;
  std::size_t extra = 0;  ///< keys of the other that the first lacks
  std::size_t first_extra = none;

  bool is_whole() const { return missing == 0 && extra == 0; }
};

/// Throws Error(malformed_csv) naming the first key that stands twice in an array, and how many do.
KeyMatch match_keys(const io::Array& keys, const io::Array& other);

/// `key '17' (p.csv:3:1)`.
std::string shown_key(const io::Array& keys, std::size_t position);

}  // namespace losscalc::commands
