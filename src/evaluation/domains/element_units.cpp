#include "evaluation/domains/element_units.h"

#include <algorithm>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

ElementUnits::ElementUnits(const Term& term) : shape_(prediction_of(term).shape) {
  if (term.conventions.rows != AxisReduce::max) return;
  const std::string loss(term.loss->description.name);
  if (shape_.size() < 2) {
    throw Error(
        ErrorCode::not_supported,
        loss + ": rows=max needs predictions of at least 2 axes, found shape " + to_string(shape_),
        required_input(term, "pred").whole);
  }
  if (term.conventions.rows_axis != -1) {
    throw Error(ErrorCode::not_supported, loss + ": rows=max reduces over the last axis only");
  }
  if (optional_input(term, "element_weight") != nullptr) {
    throw Error(ErrorCode::conflicting_arguments,
                loss +
                    ": element_weight can't be used with rows=max, which makes one unit of several "
                    "elements");
  }
  length_ = std::max(shape_.back(), std::size_t{1});
  shape_.pop_back();
}

void ElementUnits::reduce(std::span<double> losses) const {
  if (length_ == 1) return;
  for (std::size_t unit = 0; unit < losses.size() / length_; ++unit)
    losses[unit] = std::ranges::max(losses.subspan(unit * length_, length_));
}

}  // namespace losscalc::evaluation
