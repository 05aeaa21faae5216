/// The two forms of torch.save files: a ZIP archive (since PyTorch 1.6), and pickles with the bytes
/// of the tensors after them (before, and with _use_new_zipfile_serialization=False).
#pragma once

#include <memory>
#include <string_view>

#include "io/bytes.h"
#include "io/torch/pickle.h"
#include "io/torch/value.h"

namespace losscalc::io::torch {

/// Where the numbers of tensors stand.
class Storages {
 public:
  virtual ~Storages() = default;
  /// The bytes of the whole storage, as many as its elements need. Throws Error(malformed_torch).
  virtual Bytes bytes_of(const Storage& storage) const = 0;
  /// Whether their order is not the machine's.
  virtual bool are_swapped() const = 0;
};

struct Content {
  Pickle pickle;
  std::unique_ptr<const Storages> storages;
};

/// Whether a file begins as one of the two forms does.
bool looks_like_torch(std::string_view content);

/// Throws Error: malformed_torch; unsupported_type for TorchScript, and as Pickle does.
Content open_content(const Bytes& bytes);

}  // namespace losscalc::io::torch
