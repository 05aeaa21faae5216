#include "evaluation/term.h"

#include "diagnostics/error.h"

namespace losscalc::evaluation {

const Data* optional_input(const Term& term, std::string_view role) {
  const auto found = term.inputs.find(role);
  return found == term.inputs.end() || found->second.empty() ? nullptr : &found->second.front();
}

const Data& required_input(const Term& term, std::string_view role) {
  if (const Data* data = optional_input(term, role)) return *data;
  throw Error(ErrorCode::missing_argument, std::string(term.loss->description.name) +
                                               " needs the input '" + std::string(role) + "'");
}

namespace {

/// `data` in the shape in which it fits `other`.
Data fitted(const Data& data, const Data& other) {
  const Shape& shape = data.shape;
  Data result = data;
  if (shape.size() == 1 && other.shape == Shape{shape[0], 1}) result.shape.push_back(1);
  if (shape.size() > 2 && shape.size() == other.shape.size() + 1 && shape.back() == 1)
    result.shape.pop_back();
  return result;
}

}  // namespace

Data prediction_of(const Term& term) {
  const Data& prediction = required_input(term, "pred");
  const Data* target = optional_input(term, "target");
  return term.conventions.squeeze && target != nullptr ? fitted(prediction, *target) : prediction;
}

Data target_of(const Term& term) {
  const Data& target = required_input(term, "target");
  return term.conventions.squeeze ? fitted(target, required_input(term, "pred")) : target;
}

}  // namespace losscalc::evaluation
