/// Targets that name classes by numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/array.h"

namespace losscalc::commands {

struct LabelReading {
  std::vector<std::string> class_names;
  std::optional<std::int64_t> base = {};  ///< the label of the first class, where it is given
  std::vector<double> ignored = {};       ///< labels of no class, which stay as they are
};

/// Labels as class indices 0, 1, ...: less the base, where one is given; else by the names of the
/// classes where these are other numbers than 0, 1, ... in their order and all labels are among
/// them. Otherwise the array itself. Throws Error(out_of_range) where classes are numbered from 1
/// and labels 1, 2, ... may mean these numbers or positions.
io::Array class_labels_as_indices(const io::Array& labels, const LabelReading& reading);

}  // namespace losscalc::commands
