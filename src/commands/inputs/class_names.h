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

/// Words -> their positions in `class_names`, looked up as they are read. Throws, then or here,
/// Error: unknown_class with the nearest names, not_a_number where no class has a name.
io::Array class_indices(const io::Array& words, const std::vector<std::string>& class_names);

/// The first of an array of words that is not empty.
std::string first_word(const io::Array& words);

}  // namespace losscalc::commands
