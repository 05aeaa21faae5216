/// The verdict of one entry of a gradient, by dual numbers and by differences.
#pragma once

#include "differentiation/checked_entries.h"

namespace losscalc::differentiation {

struct JudgedEntry {
  EntryVerdict finding;
  /// Dual numbers and differences exclude each other.
  bool contradiction = false;
};

/// Keeps references to its arguments.
class EntryChecker {
 public:
  EntryChecker(const CheckedEntries& entries, const CheckRequest& request)
      : entries_(entries), request_(request) {}

  /// By dual numbers alone.
  EntryVerdict by_dual(EntryId id, const Subject& subject) const;

  /// By the derivatives that the request's method takes.
  JudgedEntry look_closer(EntryId id, Subject& subject) const;

 private:
  EntryVerdict by_scheme(EntryId id, Subject& subject) const;
  /// Where differences have no room, dual numbers decide if there are any.
  EntryVerdict without_differences(EntryId id, const Subject& subject) const;
  /// Dual numbers decide where differences can't; where both can, they must agree.
  JudgedEntry with_dual(const EntryVerdict& finding, const Estimate& differences,
                        const Subject& subject) const;
  /// Whether a quick estimate is fine enough and agrees with all that is known. Beside dual numbers
  /// that agree with the gradient, it need be no finer than what counts in the entry's unit.
  bool decides(const Estimate& estimate, EntryId id, double rounding, double unit) const;
  bool is_conclusive(const Estimate& estimate, EntryId id, double rounding) const;
  void judge_by_estimate(const Estimate& estimate, double rounding, EntryVerdict& finding) const;
  void judge_kink(const Derivative& derivative, double rounding, EntryVerdict& finding) const;

  const CheckedEntries& entries_;
  const CheckRequest& request_;
};

}  // namespace losscalc::differentiation
