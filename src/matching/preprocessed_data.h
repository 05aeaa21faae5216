/// Arrays of a loss that are treated as a program may have treated them. Each function says whether
/// the preprocessing has its place there; where it has not, what it was given is of no use any
/// more.
#pragma once

#include "evaluation/term.h"

namespace losscalc::matching {

/// Whether there is an array of this role.
bool has_array(const evaluation::Term& term, const std::string& role);

/// A column [N,1] against a row [N] makes [N,N]: of at most 2000 rows.
bool broadcast(evaluation::Term& term);

/// Predictions go through a softmax or a sigmoid, whichever belongs to the loss.
bool put_through_link(evaluation::Term& term, bool in_floats);

/// The vectors of a tuple are divided by their length.
bool divide_by_length(evaluation::Term& term);

/// Each element gets the weight of its positive class, as far as its target is 1.
bool weigh_positives(evaluation::Term& term);

}  // namespace losscalc::matching
