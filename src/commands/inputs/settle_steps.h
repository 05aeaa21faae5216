/// What the steps of settling share.
#pragma once

#include <string>
#include <vector>

#include "commands/inputs/settle.h"
#include "commands/inputs/sources.h"
#include "io/array.h"

namespace losscalc::commands {

/// Of the first axis; 0 for a single number.
std::size_t length(const io::Array& array);

/// The name of the file that it was read from, without a fragment.
std::string file_of(const InputArray& input);

/// Names an array that is derived from others, for Sources::derived.
std::string derived_key(const std::string& what, const std::vector<const io::Array*>& arrays);

/// The input that others are held against: the predictions, or the first that has samples; null if
/// none has.
const InputArray* reference_of(const std::vector<InputArray>& inputs);

/// The same array with one more note.
io::Array noted(io::Array array, std::string note);

/// The first row of tables: reads those again whose header the length of another input tells.
/// Throws Error(malformed_csv) for one that stays open, and for weights that are named as another
/// input.
void settle_headers(std::vector<InputArray>& inputs, Sources& sources);

/// Keys that stand in the files: says which columns are left out. Throws Error: malformed_csv for a
/// column that may be data, conflicting_arguments for keys that say that samples don't belong
/// together row by row.
void settle_keys(std::vector<InputArray>& inputs, Sources& sources);

/// Puts the samples of all inputs with keys in the order of the reference's. Throws Error:
/// missing_array where only some have keys, conflicting_arguments for a key without a partner.
void pair_samples(std::vector<InputArray>& inputs, Sources& sources);

/// Puts the columns of targets in the order of the reference's names. Throws Error:
/// conflicting_arguments where only some of the names are the same, malformed_csv for a column that
/// is the same in both and so is rather a key.
void settle_columns(std::vector<InputArray>& inputs, Sources& sources);

}  // namespace losscalc::commands
