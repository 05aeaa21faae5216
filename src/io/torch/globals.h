/// The names of Python that pickles of tensors refer to, and what each means here. Nothing is ever
/// imported or run: a name is a row of this table, or the file is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "diagnostics/error.h"
#include "io/array.h"

namespace losscalc::io::torch {

enum class GlobalKind : std::uint8_t {
  storage,           ///< a type of storages, of `type`
  untyped_storage,   ///< a storage of bytes
  dtype,             ///< of tensors
  tensor_class,      ///< torch.Tensor or torch.nn.Parameter
  rebuild_tensor,    ///< (storage, offset, shape, strides, ...)
  rebuild_typed,     ///< the same with a dtype of its own at position 6
  rebuild_wrapped,   ///< (tensor, ...): a parameter
  rebuild_subclass,  ///< (function, class, arguments, state)
  size,              ///< (lengths)
  ordered_dict,
  device,
  encode,  ///< (text, 'latin1'): bytes
  bytes,
  numpy_reconstruct,  ///< an array whose state follows
  numpy_class,
  numpy_dtype,
  numpy_scalar,  ///< (dtype, bytes)
};

struct Global {
  std::string_view name;  ///< module.name
  GlobalKind kind;
  std::optional<ElementType> type = {};
};

/// Throws Error(unsupported_type), with the line of Python that saves tensors, for a name that is
/// not known.
const Global& global_named(std::string_view name, const Place& place);

}  // namespace losscalc::io::torch
