#include "evaluation/arrays/class_layout.h"

#include <algorithm>
#include <optional>

#include "diagnostics/error.h"
#include "evaluation/arrays/aligned.h"
#include "numeric/shape.h"

namespace losscalc::evaluation {
namespace {

/// A run of positions within one outer index.
struct Segment {
  std::size_t outer;
  std::size_t inner;
  std::size_t count;
  std::size_t offset;  ///< in the block
};

template <class Visit>
void for_each_segment(const ClassLayout& layout, std::size_t first, std::size_t count,
                      Visit visit) {
  for (std::size_t done = 0; done < count;) {
    const std::size_t outer = (first + done) / layout.inner;
    const std::size_t inner = (first + done) % layout.inner;
    const std::size_t run = std::min(count - done, layout.inner - inner);
    visit(Segment{outer, inner, run, done});
    done += run;
  }
}

void gather_rows(const ClassLayout& layout, const Data& data, std::size_t first, std::size_t count,
                 std::size_t stride, std::span<double> block, std::vector<double>& scratch) {
  const std::size_t classes = layout.classes;
  scratch.resize(std::max(scratch.size(), count * classes));
  data.read(first * classes, std::span(scratch).first(count * classes));
  for (std::size_t j = 0; j < count; ++j) {
    for (std::size_t c = 0; c < classes; ++c) block[c * stride + j] = scratch[j * classes + c];
  }
}

void gather_whole(const ClassLayout& layout, const Data& data, const Segment& segment,
                  std::size_t stride, std::span<double> block, std::vector<double>& scratch) {
  const std::size_t size = layout.classes * layout.inner;
  scratch.resize(std::max(scratch.size(), size));
  data.read(segment.outer * size, std::span(scratch).first(size));
  for (std::size_t c = 0; c < layout.classes; ++c) {
    const std::size_t from = c * layout.inner + segment.inner;
    for (std::size_t i = 0; i < segment.count; ++i)
      block[c * stride + segment.offset + i] = scratch[from + i];
  }
}

void gather_planes(const ClassLayout& layout, const Data& data, const Segment& segment,
                   std::size_t stride, std::span<double> block) {
  for (std::size_t c = 0; c < layout.classes; ++c) {
    const std::size_t from = (segment.outer * layout.classes + c) * layout.inner + segment.inner;
    data.read(from, block.subspan(c * stride + segment.offset, segment.count));
  }
}

}  // namespace

std::size_t ClassLayout::block_positions() const {
  constexpr std::size_t values_per_block = 8192;
  constexpr std::size_t most = 1024;
  return std::clamp(values_per_block / classes / block_multiple * block_multiple, block_multiple,
                    most);
}

ClassLayout class_layout(const Data& prediction, std::int64_t class_axis) {
  const Shape& shape = prediction.shape;
  if (shape.size() == 1 && (class_axis == 1 || class_axis == 0 || class_axis == -1) &&
      shape[0] > 0) {
    return {.samples = 1, .outer = 1, .classes = shape[0], .inner = 1};
  }
  const std::optional<std::size_t> axis = resolved_axis(class_axis, shape.size());
  if (!axis) {
    throw Error(ErrorCode::shape_mismatch,
                "pred has shape " + to_string(shape) + " and so no class axis " +
                    std::to_string(class_axis),
                prediction.whole, "pred needs one prediction for each class: [N,C] or [N,C,d...]");
  }
  ClassLayout layout{.samples = *axis == 0 ? 1 : shape[0], .outer = 1, .inner = 1};
  for (std::size_t k = 0; k < shape.size(); ++k) {
    if (k < *axis) layout.outer *= shape[k];
    if (k > *axis) layout.inner *= shape[k];
    if (k != *axis) layout.position_shape.push_back(shape[k]);
  }
  layout.classes = shape[*axis];
  if (layout.classes == 0) {
    throw Error(ErrorCode::shape_mismatch,
                "pred has shape " + to_string(shape) + ": there are no classes", prediction.whole);
  }
  return layout;
}

void gather(const ClassLayout& layout, const Data& data, std::size_t first, std::size_t count,
            std::size_t stride, std::span<double> block, std::vector<double>& scratch) {
  if (layout.inner == 1) {
    gather_rows(layout, data, first, count, stride, block, scratch);
    return;
  }
  for_each_segment(layout, first, count, [&](const Segment& segment) {
    if (layout.inner <= stride) {
      gather_whole(layout, data, segment, stride, block, scratch);
    } else {
      gather_planes(layout, data, segment, stride, block);
    }
  });
}

void scatter_add(const ClassLayout& layout, std::span<const double> block, std::size_t first,
                 std::size_t count, std::size_t stride, std::span<double> out) {
  for_each_segment(layout, first, count, [&](const Segment& segment) {
    for (std::size_t c = 0; c < layout.classes; ++c) {
      const std::size_t to = (segment.outer * layout.classes + c) * layout.inner + segment.inner;
      for (std::size_t i = 0; i < segment.count; ++i)
        out[to + i] += block[c * stride + segment.offset + i];
    }
  });
}

}  // namespace losscalc::evaluation
