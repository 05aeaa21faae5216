/// The few instructions of Python's pickles that tensors need (the standard library's pickletools
/// lists all, with what each does).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "diagnostics/error.h"
#include "io/torch/value.h"

namespace losscalc::io::torch {

class Pickle {
 public:
  /// Reads the pickle at the start of `text`. Nothing that it names is imported or run. The memory
  /// taken is proportional to the text. Throws Error: malformed_torch; unsupported_type, by name,
  /// for instructions and names that tensors do not need.
  Pickle(std::string_view text, const Place& place);

  const Value& operator[](ValueId id) const { return values_[id]; }
  const std::vector<Value>& values() const { return values_; }
  ValueId root() const { return root_; }
  /// The number of bytes that the pickle has.
  std::size_t size() const { return size_; }

 private:
  std::vector<Value> values_;
  ValueId root_ = 0;
  std::size_t size_ = 0;
};

}  // namespace losscalc::io::torch
