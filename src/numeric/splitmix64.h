/// Pseudorandom numbers that are the same everywhere and for any order of calls.
#pragma once

#include <cstdint>

namespace losscalc {

/// The number of a counter, from 0, in the sequence of a seed (Steele, Lea & Flood, Fast splittable
/// pseudorandom number generators, 2014).
constexpr std::uint64_t splitmix64(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t bits = seed + (counter + 1) * 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebU;
  return bits ^ (bits >> 31U);
}

}  // namespace losscalc
