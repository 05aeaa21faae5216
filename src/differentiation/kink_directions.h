/// Gradients at kinks, along directions through all entries of a unit.
#pragma once

#include <cstdint>

#include "differentiation/checked_entries.h"

namespace losscalc::differentiation {

/// At a tie of two, each entry of (1,1) lies between its slopes, and yet it is no gradient: whether
/// the derivatives along random directions of +1 and -1 through the entry's unit lie between their
/// slopes too. Also true where that can't be tested: beside kinks that bend different ways.
bool holds_along_directions(const CheckedEntries& entries, EntryId id, Subject& subject,
                            std::uint64_t seed);

}  // namespace losscalc::differentiation
