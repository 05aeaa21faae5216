#include "evaluation/reduction/axis_reduction.h"

#include <cstdint>
#include <string>

#include "diagnostics/error.h"

namespace losscalc::evaluation {

AxisReduction::AxisReduction(const Conventions& conventions, const Shape& units)
    : applies_(conventions.rows == AxisReduce::mean || conventions.rows == AxisReduce::sum),
      shape_(units) {
  if (!applies_ || units.empty()) return;
  const auto rank = static_cast<std::int64_t>(units.size());
  const std::int64_t axis =
      conventions.rows_axis < 0 ? conventions.rows_axis + rank : conventions.rows_axis;
  if (axis < 0 || axis >= rank) {
    throw Error(ErrorCode::not_supported, "rows_axis=" + std::to_string(conventions.rows_axis) +
                                              ": units of shape " + to_string(units) +
                                              " have no such axis");
  }
  axis_ = static_cast<std::size_t>(axis);
  length_ = units[axis_];
  for (std::size_t k = axis_ + 1; k < units.size(); ++k) inner_ *= units[k];
  shape_.erase(shape_.begin() + axis);
}

}  // namespace losscalc::evaluation
