/// Writes float64 arrays as NPY (NumPy Enhancement Proposal 1, version 1.0) and NPZ.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/array.h"

namespace losscalc::io {

/// The header of an NPY file of float64 in C order; its length is a multiple of 64.
std::string npy_header(const Shape& shape);

/// An NPY file whose numbers are a memory-mapped span, zero at first: as large as the disk allows.
/// The file is complete once close() returns.
class MappedNpy {
 public:
  /// Throws Error(cannot_write).
  MappedNpy(const std::filesystem::path& path, const Shape& shape);
  MappedNpy(const MappedNpy&) = delete;
  MappedNpy& operator=(const MappedNpy&) = delete;
  ~MappedNpy();

  std::span<double> values() const { return values_; }
  void close();

 private:
  std::filesystem::path path_;
  void* mapping_ = nullptr;
  std::size_t bytes_ = 0;
  std::span<double> values_;
};

struct NamedValues {
  std::string name;
  Shape shape;
  std::vector<double> values;
};

/// Writes an archive of deflated members NAME.npy. Throws Error(cannot_write).
void write_npz(const std::filesystem::path& path, const std::vector<NamedValues>& arrays);

}  // namespace losscalc::io
