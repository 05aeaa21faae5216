/// One term of a weighted sum of losses, and its arrays.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "definition/loss.h"
#include "evaluation/arrays/data.h"

namespace losscalc::evaluation {

/// The arrays of a loss by role; every role has one array but those that Role::repeated marks.
using Inputs = std::map<std::string, std::vector<Data>, std::less<>>;

/// One term of a weighted sum of losses, with its arrays.
struct Term : LossCall {
  Inputs inputs = {};
};

/// The array of a role that must be there. Throws Error(missing_argument).
const Data& required_input(const Term& term, std::string_view role);

/// The array of a role, or nothing.
const Data* optional_input(const Term& term, std::string_view role);

/// pred and target, under squeeze with axes of length 1 that one has and the other lacks added to a
/// target or prediction of one axis, and taken from others, as Keras does.
Data prediction_of(const Term& term);
Data target_of(const Term& term);

}  // namespace losscalc::evaluation
