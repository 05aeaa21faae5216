/// Files that torch.save of PyTorch wrote: tensors and NumPy arrays, numbers, lists of them, and
/// dictionaries and lists of all these (pytorch.org/docs/stable/notes/serialization.html). Nothing
/// in them is ever run.
#pragma once

#include <memory>
#include <string_view>

#include "io/bytes.h"
#include "io/container.h"
#include "io/torch/storages.h"

namespace losscalc::io {

using torch::looks_like_torch;

/// The arrays of the file's dictionary by their keys, those nested deeper by JSON Pointers. Throws
/// Error: malformed_torch; unsupported_type for TorchScript and for objects that are no tensors,
/// by name; missing_array for a file with a single array and no name. `id` names the array that
/// holds the keys of the samples; empty: none.
std::unique_ptr<Container> open_torch(const Bytes& bytes, std::string_view id = {});

/// The array that `fragment` (NAME, a JSON Pointer as /outputs/logits or /0, or either with
/// &col=...) names; without a name the only one that has axes. Throws Error as open_torch does, and
/// missing_array and bad_fragment.
Array read_torch(const Bytes& bytes, std::string_view fragment, std::string_view id = {});

}  // namespace losscalc::io
