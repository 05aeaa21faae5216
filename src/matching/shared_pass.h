/// Which candidates make their values of the same sums.
#pragma once

#include <string>

#include "evaluation/term.h"

namespace losscalc::matching {

/// Terms with the same text have the same sums: the same loss, parameters and arrays, and
/// conventions that differ only in what is made of the sums, or in what changes nothing on these
/// arrays, each of which has an identity.
std::string pass_key(const evaluation::Term& term);

}  // namespace losscalc::matching
