/// Names of classes, and words as class indices.
#pragma once

#include <string>
#include <vector>

#include "io/array.h"

namespace losscalc::commands {

/// The names of --classes: `cat,dog` -> cat, dog. Throws Error(bad_value) if one is empty or given
/// twice.
std::vector<std::string> class_list(const std::string& text);

/// Column names without what they all begin with up to a ':', '_' or '.': 'p_cat', 'p_dog' ->
/// 'cat', 'dog'.
std::vector<std::string> class_labels(std::vector<std::string> column_names);

/// Words -> their positions in `class_names`. Throws Error: unknown_class with the nearest names,
/// not_a_number where no class has a name.
io::Array class_indices(const io::Array& words, const std::vector<std::string>& class_names);

}  // namespace losscalc::commands
