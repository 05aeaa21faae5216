/// The arrays that the values of a torch.save file are: tensors, NumPy arrays, numbers, and lists
/// of numbers or words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/error.h"
#include "io/array.h"
#include "io/torch/storages.h"

namespace losscalc::io::torch {

/// An array within a file: a key of its dictionary, or a JSON Pointer to what is nested deeper.
struct Member {
  std::string name;
  ValueId value = 0;
};

/// What `value` is an array by itself: nothing for dictionaries, and for lists of tensors or of
/// dictionaries.
bool is_array(const Pickle& pickle, ValueId value);

/// Whether it is one number without axes.
bool is_single_number(const Pickle& pickle, ValueId value);

/// All arrays below the root, those of its own keys first, in the order of the file.
std::vector<Member> members(const Pickle& pickle);

/// The value at a JSON Pointer, or with that key of the root. Throws Error: bad_fragment,
/// missing_array.
ValueId found(const Pickle& pickle, std::string_view name, const std::string& file);

/// Tensors where they stand; others in memory. Throws Error: malformed_torch, unsupported_type,
/// ragged, not_a_number, missing_array for a value that is several arrays.
Array array_of(const Content& content, ValueId value, const Place& place);

}  // namespace losscalc::io::torch
