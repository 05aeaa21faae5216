#include "io/json/nested.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "io/block_cache.h"

namespace losscalc::io {
namespace {

/// Elements of the array at `index`, all of them below one run.
struct Slice {
  const JsonNode* parent = nullptr;
  const JsonRun* run = nullptr;
  std::vector<std::size_t> index;
  std::size_t position = 0;  ///< of the first element in C order
};

template <class T>
std::size_t copy_part(const std::vector<T>& values, std::size_t offset, std::span<T> out) {
  const std::size_t count = std::min(out.size(), values.size() - offset);
  std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
  return count;
}

class NestedSource final : public ElementSource {
 public:
  NestedSource(std::shared_ptr<const LargeJson> document, std::size_t node, JsonPlace place)
      : document_(std::move(document)), place_(std::move(place)) {
    layout_.shape = shape_of(node);
    layout_.are_words = begins_with_word(node);
    // An array that ends before its shape says is ragged, which the slices tell.
    const JsonNode& whole = document_->node(node);
    is_consistent_ = !exceeds(layout_.shape, whole.end - whole.begin);
    sizes_.assign(layout_.shape.size() + 1, 1);
    for (std::size_t axis = layout_.shape.size(); axis-- > 0;)
      sizes_[axis] = sizes_[axis + 1] * layout_.shape[axis];
    collect(node, {}, 0);
    if (!is_consistent_ || sizes_[0] == 0) {
      for (std::size_t number = 0; number < slices_.size(); ++number) decode(number);
    }
    std::size_t largest = 0;
    for (const Slice& slice : slices_)
      largest = std::max(largest, slice.run->count * sizes_[slice.index.size() + 1]);
    blocks_ = std::make_unique<BlockCache<JsonValues>>(cached_blocks(largest, layout_.are_words),
                                                       [this](std::size_t n) { return decode(n); });
  }

  const JsonLayout& layout() const { return layout_; }

  void read(std::size_t first, std::span<double> out) const override { copy(first, out); }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    copy(first, out);
  }

 private:
  JsonFlattener flattener(const JsonLayout& layout) const {
    return {[this](std::size_t /*record*/) { return place_; }, layout, 0};
  }

  /// The first child of the innermost node along the first elements, parsed by `scratch`, after the
  /// lengths of the nodes around it.
  JsonElement first_leaf(std::size_t number, JsonScratch& scratch, Shape& shape) const {
    for (;;) {
      const JsonNode& node = document_->node(number);
      if (node.is_object) flattener({}).throw_object(std::vector<std::size_t>(shape.size(), 0));
      if (shape.size() == JsonFlattener::max_dimensions) flattener({}).throw_too_deep();
      shape.push_back(node.count);
      if (node.count == 0) return scratch.parse('[', "", ']').value_unsafe();
      const JsonRun& run = node.runs.front();
      if (run.node == JsonRun::none) {
        return *as<JsonArray>(document_->parse(node, run, scratch)).begin();
      }
      number = run.node;
    }
  }

  Shape shape_of(std::size_t node) const {
    Shape shape;
    JsonScratch scratch;
    const JsonElement leaf = first_leaf(node, scratch, shape);
    if (shape.back() != 0) flattener({}).measure(leaf, shape);
    return shape;
  }

  bool begins_with_word(std::size_t node) const {
    Shape shape;
    JsonScratch scratch;
    JsonElement leaf = first_leaf(node, scratch, shape);
    while (leaf.type() == JsonType::ARRAY) {
      const JsonArray items = as<JsonArray>(leaf);
      if (items.begin() == items.end()) return false;
      leaf = *items.begin();
    }
    if (leaf.type() != JsonType::STRING) return false;
    const auto text = as<std::string_view>(leaf);
    return text != "NaN" && text != "Infinity" && text != "-Infinity";
  }

  void collect(std::size_t number, const std::vector<std::size_t>& index, std::size_t position) {
    const JsonNode& node = document_->node(number);
    const std::size_t axis = index.size();
    const bool fits =
        !node.is_object && axis < layout_.shape.size() && node.count == layout_.shape[axis];
    if (!fits) throw_misfit(node, index);
    for (const JsonRun& run : node.runs) {
      const std::size_t at = position + run.first * sizes_[axis + 1];
      if (run.node == JsonRun::none) {
        slices_.push_back({&node, &run, index, at});
        continue;
      }
      document_->check_around_node(run);
      std::vector<std::size_t> child = index;
      child.push_back(run.first);
      collect(run.node, child, at);
    }
  }

  [[noreturn]] void throw_misfit(const JsonNode& node,
                                 const std::vector<std::size_t>& index) const {
    // Where a comma is missing, that is the mistake, and not the number of elements.
    for (const JsonRun& run : node.runs) document_->parse(node, run, thread_scratch());
    const JsonFlattener flat = flattener(layout_);
    if (node.is_object) flat.throw_object(index);
    const bool too_deep = index.size() == layout_.shape.size();
    flat.throw_ragged(index, too_deep ? "an array" : text::counted(node.count, "element"),
                      index.size());
  }

  JsonValues decode(std::size_t number) const {
    const Slice& slice = slices_[number];
    JsonFlattener flat = flattener(layout_);
    flat.add_items(as<JsonArray>(document_->parse(*slice.parent, *slice.run, thread_scratch())),
                   slice.index, slice.run->first);
    return flat.take();
  }

  template <class T>
  void copy(std::size_t first, std::span<T> out) const {
    if (out.empty()) return;
    auto slice = std::ranges::upper_bound(slices_, first, {}, &Slice::position) - 1;
    for (; !out.empty(); ++slice) {
      const auto block = blocks_->get(static_cast<std::size_t>(slice - slices_.begin()));
      const std::size_t count = copy_from(*block, first - slice->position, out);
      first += count;
      out = out.subspan(count);
    }
  }

  std::shared_ptr<const LargeJson> document_;
  JsonPlace place_;
  JsonLayout layout_;
  bool is_consistent_ = true;
  std::vector<std::size_t> sizes_;  ///< the number of elements below each axis
  std::vector<Slice> slices_;
  std::unique_ptr<BlockCache<JsonValues>> blocks_;
};

}  // namespace

Array nested_array(const std::shared_ptr<const LargeJson>& document, std::size_t node,
                   const JsonPlace& place) {
  const auto source = std::make_shared<const NestedSource>(document, node, place);
  const ElementType type = source->layout().are_words ? ElementType::text : ElementType::float64;
  Shape shape = source->layout().shape;
  return {type, std::move(shape), source, locator_below(place)};
}

bool exceeds(const Shape& shape, std::size_t size) {
  std::size_t count = 1;
  for (const std::size_t length : shape) {
    if (length > size / count) return true;
    count *= length;
    if (count == 0) return false;
  }
  return false;
}

std::size_t cached_blocks(std::size_t largest_elements, bool are_words) {
  constexpr std::size_t max_bytes = std::size_t{48} << 20U;
  constexpr std::size_t fewest = 4;
  const std::size_t bytes = largest_elements * (are_words ? sizeof(std::string) : sizeof(double));
  return std::max(max_bytes / std::max(bytes, std::size_t{1} << 12U), fewest);
}

Locator locator_below(const JsonPlace& root) {
  return [root](std::span<const std::size_t> index) {
    JsonPlace place = root;
    for (const std::size_t position : index) place = place.at(position);
    return place.place();
  };
}

std::size_t copy_from(const JsonValues& block, std::size_t offset, std::span<double> out) {
  return copy_part(block.numbers, offset, out);
}

std::size_t copy_from(const JsonValues& block, std::size_t offset, std::span<std::string> out) {
  return copy_part(block.words, offset, out);
}

}  // namespace losscalc::io
