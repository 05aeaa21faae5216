/// What is in a file as losscalc sees it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspection/roles.h"
#include "io/container.h"
#include "io/read.h"

namespace losscalc::inspection {

/// An array of a file, or a column of a table.
struct Part {
  std::string name;       ///< empty: the file holds one array without a name
  std::string reference;  ///< what to type: FILE#FRAGMENT
  std::string type;       ///< of its elements; `words` and `numbers` in texts
  Shape shape = {};
  Statistics statistics = {};
  Guess guess = {};
  bool is_key = false;       ///< a column that names the samples
  std::string problem = {};  ///< why it can't be read; then all but the name is empty
};

struct Inspection {
  io::FileFacts facts;
  /// The file as -p or -t read it without a fragment.
  std::optional<Part> whole = {};
  io::Reading reading = {};  ///< of the whole
  /// Why it is not read without a fragment, and what to type.
  std::string refusal = {};
  std::string advice = {};
  std::vector<Part> parts = {};
  std::size_t part_count = 0;  ///< parts has the first 50 of many
  /// Names of arrays that are inputs of losses, so that the file can be given alone.
  std::vector<std::string> input_names = {};
};

/// Throws Error if the file can't be opened or is of no format that is read.
Inspection inspect(const std::string& reference, const io::ReadOptions& options);

}  // namespace losscalc::inspection
