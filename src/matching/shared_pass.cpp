#include "matching/shared_pass.h"

#include <cstdint>

#include "evaluation/arrays/class_layout.h"
#include "evaluation/summed_term.h"
#include "spec/specification.h"

namespace losscalc::matching {
namespace {

using evaluation::Data;
using evaluation::Term;

/// The same axis counted from the front; one that there is not stays.
std::int64_t from_front(std::int64_t axis, std::size_t rank) {
  const std::optional<std::size_t> resolved = resolved_axis(axis, rank);
  return resolved ? static_cast<std::int64_t>(*resolved) : axis;
}

/// Whether index says of the targets what their shape says without it.
bool are_indices_by_shape(const Term& term, const Data& prediction, const Data& target) {
  if (term.loss->domain == Domain::elementwise) return target.shape != prediction.shape;
  if (term.loss->domain != Domain::classwise && term.loss->domain != Domain::region) return false;
  const std::int64_t axis = term.conventions.class_axis;
  if (!resolved_axis(axis, prediction.shape.size())) return false;
  return target.shape == class_layout(prediction, axis).position_shape;
}

/// Conventions that change nothing on these arrays have their defaults.
Conventions in_effect(const Term& term) {
  Conventions conventions = evaluation::before_reduction(term.conventions);
  const Conventions defaults;
  const Data* const prediction = evaluation::optional_input(term, "pred");
  const Data* const target = evaluation::optional_input(term, "target");
  if (prediction == nullptr || target == nullptr) return conventions;
  conventions.without_target = defaults.without_target;
  const bool nothing_to_squeeze = evaluation::prediction_of(term).shape == prediction->shape &&
                                  evaluation::target_of(term).shape == target->shape;
  if (!nothing_to_squeeze) return conventions;
  conventions.squeeze = defaults.squeeze;
  conventions.class_axis = from_front(conventions.class_axis, prediction->shape.size());
  if (conventions.target_kind == TargetKind::index &&
      are_indices_by_shape(term, *prediction, *target))
    conventions.target_kind = defaults.target_kind;
  return conventions;
}

}  // namespace

std::string pass_key(const Term& term) {
  const spec::Term text{
      {.loss = term.loss, .parameters = term.parameters, .conventions = in_effect(term)}};
  std::string key = spec::to_string(text);
  key += " times " + losscalc::to_string(ParameterValue(term.coefficient));
  for (const auto& [role, arrays] : term.inputs) {
    key += " " + role;
    for (const Data& array : arrays)
      key += " " + std::to_string(reinterpret_cast<std::uintptr_t>(array.identity.get()));
  }
  return key;
}

}  // namespace losscalc::matching
