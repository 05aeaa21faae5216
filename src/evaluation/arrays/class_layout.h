/// How classes lie in an array: [outer, classes, inner], where a position is a pair (outer, inner).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "evaluation/arrays/data.h"

namespace losscalc::evaluation {

/// Blocks are class-major: entry c * stride + j belongs to class c of the j-th position of the
/// block. Vector registers then hold neighbouring positions, whatever the number of classes and the
/// order of the axes in the file.
struct ClassLayout {
  std::size_t samples = 0;
  std::size_t outer = 0;
  std::size_t classes = 0;
  std::size_t inner = 0;
  Shape position_shape = {};  ///< the array's shape without the class axis

  std::size_t positions() const { return outer * inner; }
  std::size_t positions_per_sample() const { return samples == 0 ? 1 : positions() / samples; }

  /// The C-order place in the array of one class at one position.
  std::size_t flat(std::size_t position, std::size_t class_index) const {
    return ((position / inner) * classes + class_index) * inner + position % inner;
  }

  /// The position whose classes hold the array's entry.
  std::size_t position_of(std::size_t entry) const {
    return entry / (classes * inner) * inner + entry % inner;
  }

  /// A number of positions per block that keeps a block of all classes in the cache: a multiple of
  /// 8, so that every element goes through the same vector instructions wherever it stands.
  std::size_t block_positions() const;
};

/// The layout of an array of this shape with its classes along `class_axis` (negative: from the
/// end). An array of rank one is a single sample's classes. Throws Error(shape_mismatch) if there
/// is no such axis or it has length 0.
ClassLayout class_layout(const Data& prediction, std::int64_t class_axis);

/// Calls change(row) with the numbers of all classes of an array at each position, and stores what
/// it leaves.
template <class Change>
void for_each_row(const ClassLayout& layout, std::span<double> numbers, Change change) {
  std::vector<double> row(layout.classes);
  for (std::size_t position = 0; position < layout.positions(); ++position) {
    for (std::size_t c = 0; c < layout.classes; ++c) row[c] = numbers[layout.flat(position, c)];
    change(std::span<double>(row));
    for (std::size_t c = 0; c < layout.classes; ++c) numbers[layout.flat(position, c)] = row[c];
  }
}

/// Reads positions first .. first+count-1 of all classes into a class-major block.
void gather(const ClassLayout& layout, const Data& data, std::size_t first, std::size_t count,
            std::size_t stride, std::span<double> block, std::vector<double>& scratch);

/// Adds a class-major block to the array `out` at its places.
void scatter_add(const ClassLayout& layout, std::span<const double> block, std::size_t first,
                 std::size_t count, std::size_t stride, std::span<double> out);

}  // namespace losscalc::evaluation
