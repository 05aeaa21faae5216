/// The entries of all checked arrays as one sequence, and the tolerances of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "differentiation/check.h"

namespace losscalc::differentiation {

/// What counts along directions and beside dual numbers, relative to the unit.
inline constexpr double coarse_tolerance = 1e-6;

struct EntryId {
  std::size_t input = 0;
  std::size_t entry = 0;
};

/// In the order of the arrays, then of their entries.
bool before(EntryId a, EntryId b);

/// Whether derivatives without steps alone decide.
inline bool is_exact(Method method) { return method == Method::dual || method == Method::complex; }

/// The function of one entry alone. Keeps a reference to the subject.
Function along_entry(EntryId id, Subject& subject);

/// Keeps a reference to the arrays.
class CheckedEntries {
 public:
  explicit CheckedEntries(const std::vector<CheckedArray>& arrays);

  std::size_t total() const;
  /// One of each of `count` equal stretches of all entries, in order.
  std::vector<EntryId> stratified(std::size_t count, std::uint64_t seed) const;

  double analytic(EntryId id) const { return arrays_[id.input].analytic[id.entry]; }
  double dual(EntryId id) const { return arrays_[id.input].dual[id.entry]; }
  bool has_dual(EntryId id) const { return !arrays_[id.input].dual.empty(); }
  bool suspected(EntryId id) const {
    return !arrays_[id.input].suspected.empty() && arrays_[id.input].suspected[id.entry] != 0;
  }
  double tolerance(EntryId id) const { return arrays_[id.input].tolerance; }

  /// How far an entry may be from this reference by its relative tolerance.
  double relative_part(EntryId id, double reference) const;
  /// The rounding that is left to a gradient whose unit's largest entry is `unit_size`.
  double rounding_part(EntryId id, double unit_size) const;
  /// The largest derivative of the entry's unit, as far as it is known.
  double unit_size(EntryId id, const Subject& subject) const;
  /// The mean size of a sample of derivatives.
  double typical_size() const { return typical_size_; }

 private:
  EntryId id_of(std::size_t number) const;

  const std::vector<CheckedArray>& arrays_;
  double typical_size_ = 0.0;
};

}  // namespace losscalc::differentiation
