#include "evaluation/domains/region_axes.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "diagnostics/error.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

/// Whether each axis is spanned.
std::vector<bool> spanned_axes(const std::vector<double>& map_axes, const Data& prediction) {
  const auto axes = static_cast<double>(prediction.shape.size());
  std::vector<bool> spanned(prediction.shape.size(), false);
  for (const double written : map_axes) {
    const double axis = written < 0.0 ? written + axes : written;
    if (axis != std::floor(axis) || !(axis >= 0.0 && axis < axes)) {
      throw Error(ErrorCode::bad_value,
                  "map_axes names axis " + text::shortest(written) + ", but pred has shape " +
                      to_string(prediction.shape),
                  prediction.whole);
    }
    const auto index = static_cast<std::size_t>(axis);
    if (spanned[index])
      throw Error(ErrorCode::bad_value,
                  "map_axes names axis " + text::shortest(written) + " twice");
    spanned[index] = true;
  }
  return spanned;
}

}  // namespace

RegionOver region_over(const Conventions& conventions, const Data& prediction) {
  if (conventions.map_axes.empty()) return conventions.region;
  const std::vector<bool> spanned = spanned_axes(conventions.map_axes, prediction);
  const auto axes = static_cast<std::int64_t>(spanned.size());
  const auto class_axis = static_cast<std::size_t>(
      conventions.class_axis < 0 ? std::max<std::int64_t>(conventions.class_axis + axes, 0)
                                 : std::min(conventions.class_axis, axes - 1));
  for (std::size_t axis = 1; axis < spanned.size(); ++axis) {
    if (axis == class_axis || spanned[axis]) continue;
    throw Error(ErrorCode::not_supported,
                "map_axes must name every axis of the pixels, and lacks axis " +
                    std::to_string(axis) + " of " + to_string(prediction.shape),
                prediction.whole);
  }
  const bool whole_batch = spanned.front();
  if (spanned[class_axis]) return whole_batch ? RegionOver::all : RegionOver::image;
  return whole_batch ? RegionOver::batch : RegionOver::per_class;
}

}  // namespace losscalc::evaluation
