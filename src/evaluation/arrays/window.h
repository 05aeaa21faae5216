/// Stored elements for those who go through them upwards in small blocks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

#include "evaluation/arrays/data.h"

namespace losscalc::evaluation {

/// Holds a stretch of elements that is long enough for a file to be read in.
template <class Number>
class Window {
 public:
  /// Elements from `last` on are not asked for ahead of their time.
  explicit Window(std::size_t last = 0) : last_(last) {}

  /// Elements first .. first+count-1, until the next call.
  std::span<const Number> get(const StoredElements<Number>& stored, std::size_t first,
                              std::size_t count) {
    if (first < first_ || first + count > first_ + count_) {
      const std::size_t ahead = std::min(usual_count, last_ - std::min(first, last_));
      count_ = 0;
      values_.reset();
      values_ = stored(first, std::max(count, ahead));
      first_ = first;
      count_ = std::max(count, ahead);
    }
    return {values_.get() + (first - first_), count};
  }

 private:
  /// Of two inputs, half a mebibyte each has room in a processor core's second cache.
  static constexpr std::size_t usual_count = (std::size_t{1} << 19U) / sizeof(Number);

  std::size_t last_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::shared_ptr<const Number[]> values_;
};

}  // namespace losscalc::evaluation
