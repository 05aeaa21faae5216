#include "evaluation/reduction/axis_reduction.h"

#include <optional>
#include <string>

#include "diagnostics/error.h"
#include "numeric/shape.h"

namespace losscalc::evaluation {

AxisReduction::AxisReduction(const Conventions& conventions, const Shape& units)
    : applies_(conventions.rows == AxisReduce::mean || conventions.rows == AxisReduce::sum),
      shape_(units) {
  if (!applies_ || units.empty()) return;
  const std::optional<std::size_t> axis = resolved_axis(conventions.rows_axis, units.size());
  if (!axis) {
    throw Error(ErrorCode::not_supported, "rows_axis=" + std::to_string(conventions.rows_axis) +
                                              ": units of shape " + to_string(units) +
                                              " have no such axis");
  }
  axis_ = *axis;
  length_ = units[axis_];
  for (std::size_t k = axis_ + 1; k < units.size(); ++k) inner_ *= units[k];
  shape_.erase(shape_.begin() + static_cast<std::ptrdiff_t>(*axis));
}

}  // namespace losscalc::evaluation
