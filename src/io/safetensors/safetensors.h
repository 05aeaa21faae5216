/// Safetensors, the tensor file of Hugging Face: the length of a header in JSON, the header, and
/// the bytes of the tensors (github.com/huggingface/safetensors, "Format").
#pragma once

#include <memory>
#include <string_view>

#include "io/bytes.h"
#include "io/container.h"

namespace losscalc::io {

/// Whether a file begins with the length of a header and a JSON object.
bool looks_like_safetensors(std::string_view content);

/// The file's tensors by name, where they stand. Throws Error(malformed_safetensors) for a header
/// that is no JSON of this kind, and for tensors that overlap, leave bytes unused, reach beyond the
/// file or don't have the bytes of their shape. `id` names the tensor that holds the keys of the
/// samples; empty: none.
std::unique_ptr<Container> open_safetensors(const Bytes& bytes, std::string_view id = {});

/// The tensor that `fragment` (NAME or NAME&col=...) names; without a name the only one. Throws
/// Error: malformed_safetensors, missing_array, unsupported_type for 8-bit floats and other types
/// that are not read, bad_fragment.
Array read_safetensors(const Bytes& bytes, std::string_view fragment, std::string_view id = {});

}  // namespace losscalc::io
