/// Buffers on which vector instructions treat every element alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

namespace losscalc::evaluation {

inline constexpr std::size_t alignment = 64;
/// The most doubles in a vector register; block sizes are multiples of it.
inline constexpr std::size_t block_multiple = 8;

template <class T>
struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>& /*other*/) {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{alignment}));
  }
  void deallocate(T* memory, std::size_t /*count*/) {
    ::operator delete (memory, std::align_val_t{alignment});
  }
  friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) { return true; }
};

/// Starts at a multiple of 64 bytes. The vectorised exp and log differ from the scalar ones in the
/// last digit, and elements before the first aligned address or after the last full register would
/// take the scalar ones: with aligned buffers of whole registers a value never depends on where its
/// element stood.
using AlignedVector = std::vector<double, AlignedAllocator<double>>;

inline std::size_t padded(std::size_t count) {
  return (count + block_multiple - 1) / block_multiple * block_multiple;
}

}  // namespace losscalc::evaluation
