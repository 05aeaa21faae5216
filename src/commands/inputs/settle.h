/// What can only be told of a file beside the others: whether its first row is a header, whether a
/// column holds keys, and which of its samples and columns belong to which of theirs.
#pragma once

#include <string>
#include <vector>

#include "commands/inputs/sources.h"
#include "io/array.h"

namespace losscalc::commands {

/// An array of a term, on its way to it.
struct InputArray {
  std::string role;
  const io::Array* array = nullptr;     ///< kept by the sources
  std::vector<std::string> files = {};  ///< that it was read from, with fragments
  /// Whether its first axis is that of the samples.
  bool has_samples = true;
};

/// Arrays whose samples and columns stand in one order: those of pred (or of the first) where they
/// do not. Throws Error, with what to type: malformed_csv where a first row may be a header or data
/// and no other array tells by its length, or where a column may hold keys or data;
/// conflicting_arguments where keys or names of columns contradict each other; missing_array where
/// --id asks for keys that are not there.
std::vector<InputArray> settled(std::vector<InputArray> inputs, Sources& sources);

}  // namespace losscalc::commands
