/// What the pickle of a torch.save file holds: plain values of Python, and descriptions of tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "io/array.h"
#include "numeric/shape.h"

namespace losscalc::io::torch {

struct Global;

/// The number of a value within its pickle. Values refer to each other by it, so that a value may
/// hold itself.
using ValueId = std::uint32_t;

struct None {};
/// An integer beyond 64 bits, the lowest byte first.
struct LargeInteger {
  std::string bytes;
};
struct ByteString {
  std::string bytes;
};
/// A list or a tuple.
struct Sequence {
  std::vector<ValueId> items;
};
struct Dictionary {
  std::vector<std::pair<ValueId, ValueId>> fields;
};

/// The numbers that tensors are views of; they stand elsewhere in the file, under `key`.
struct Storage {
  std::string key;
  const Global* type = nullptr;
  std::uint64_t count = 0;   ///< of elements of the whole storage
  std::uint64_t offset = 0;  ///< of a storage that is a part of another
  std::uint64_t length = 0;  ///< of that part, or `count`
};

/// Element (i0, i1, ...) is that with the number offset + sum(i_k * strides[k]) of the storage.
struct Tensor {
  Storage storage;
  ElementType type = ElementType::float32;
  std::uint64_t offset = 0;
  Shape shape;
  std::vector<std::uint64_t> strides;
};

/// The dtype of a NumPy array: its code, as 'f8', and byte order, as '<'.
struct NumpyType {
  std::string code;
  char order = '=';
};

struct NumpyArray {
  NumpyType type;
  Shape shape;
  bool fortran_order = false;
  std::string bytes;
};

/// Something that is allowed in a file and holds no numbers: a device, a dtype.
struct Other {
  const Global* global = nullptr;
};

using Value =
    std::variant<None, bool, std::int64_t, double, LargeInteger, std::string, ByteString, Sequence,
                 Dictionary, std::shared_ptr<const Storage>, std::shared_ptr<const Tensor>,
                 std::shared_ptr<NumpyType>, std::shared_ptr<NumpyArray>, Other>;

}  // namespace losscalc::io::torch
