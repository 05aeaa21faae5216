#include "io/array.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <utility>

#include "io/mapped_file.h"
#include "io/widen.h"
#include "text/phrases.h"

namespace losscalc::io {

std::vector<std::ptrdiff_t> strides_in_c_order(const Shape& shape, std::size_t element_size) {
  std::vector<std::ptrdiff_t> strides(shape.size(), 0);
  if (element_count(shape) == 0) return strides;
  auto stride = static_cast<std::ptrdiff_t>(element_size);
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= static_cast<std::ptrdiff_t>(shape[axis]);
  }
  return strides;
}

namespace {

bool is_contiguous(const Shape& shape, const std::vector<std::ptrdiff_t>& strides,
                   std::size_t element_size) {
  if (element_count(shape) == 0) return true;
  const std::vector<std::ptrdiff_t> expected = strides_in_c_order(shape, element_size);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] > 1 && strides[axis] != expected[axis]) return false;
  }
  return true;
}

std::size_t position_of(std::span<const std::size_t> index, const Shape& shape) {
  std::size_t position = 0;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    position = position * shape[axis] + index[axis];
  }
  return position;
}

std::ptrdiff_t offset_of(std::span<const std::size_t> index,
                         const std::vector<std::ptrdiff_t>& strides) {
  std::ptrdiff_t offset = 0;
  for (std::size_t axis = 0; axis < index.size(); ++axis) {
    offset += static_cast<std::ptrdiff_t>(index[axis]) * strides[axis];
  }
  return offset;
}

/// Steps to the next multi-index of the axes before the last, as an odometer does.
void advance_row(std::vector<std::size_t>& index, const Shape& shape,
                 const std::vector<std::ptrdiff_t>& strides, const std::byte*& row) {
  for (std::size_t axis = shape.size() - 1; axis-- > 0;) {
    row += strides[axis];
    if (++index[axis] < shape[axis]) return;
    row -= strides[axis] * static_cast<std::ptrdiff_t>(shape[axis]);
    index[axis] = 0;
  }
}

Locator locator_of_columns(Locator base, std::vector<std::size_t> positions) {
  return [base = std::move(base),
          positions = std::move(positions)](std::span<const std::size_t> index) {
    if (index.empty()) return base({});
    const std::array<std::size_t, 2> original{index[0],
                                              positions[index.size() == 2 ? index[1] : 0]};
    return base(original);
  };
}

Locator locator_of_reshaped(Locator base, Shape from, Shape to) {
  return [base = std::move(base), from = std::move(from),
          to = std::move(to)](std::span<const std::size_t> index) {
    if (index.empty()) return base({});
    return base(multi_index(position_of(index, to), from));
  };
}

/// Words held in memory.
class HeldWords final : public ElementSource {
 public:
  explicit HeldWords(std::vector<std::string> words) : words_(std::move(words)) {}
  void read(std::size_t /*first*/, std::span<double> /*out*/) const override {
    assert(false && "words are no numbers");
  }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    std::copy_n(words_.begin() + static_cast<std::ptrdiff_t>(first), out.size(), out.begin());
  }

 private:
  std::vector<std::string> words_;
};

/// Chosen columns of another source's rows.
class SelectedColumns final : public ElementSource {
 public:
  SelectedColumns(std::shared_ptr<const ElementSource> rows, std::size_t width,
                  std::vector<std::size_t> positions)
      : rows_(std::move(rows)), width_(width), positions_(std::move(positions)) {}

  void read(std::size_t first, std::span<double> out) const override {
    gather(first, out, [this](std::size_t at, std::span<double> part) { rows_->read(at, part); });
  }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    gather(first, out,
           [this](std::size_t at, std::span<std::string> part) { rows_->read_words(at, part); });
  }

 private:
  template <class T, class Read>
  void gather(std::size_t first, std::span<T> out, Read read_part) const {
    std::vector<T> row(width_);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::size_t at = (first + i) / positions_.size();
      if (i == 0 || (first + i) % positions_.size() == 0) read_part(at * width_, std::span<T>(row));
      out[i] = row[positions_[(first + i) % positions_.size()]];
    }
  }

  std::shared_ptr<const ElementSource> rows_;
  std::size_t width_;
  std::vector<std::size_t> positions_;
};

bool evenly_spaced(std::span<const std::size_t> positions) {
  for (std::size_t i = 2; i < positions.size(); ++i) {
    // Unsigned differences wrap alike in both directions, so they compare correctly.
    if (positions[i] - positions[i - 1] != positions[1] - positions[0]) return false;
  }
  return true;
}

}  // namespace

Array::Array() : Array(std::vector<double>{0.0}, {}, [](auto) { return Place{}; }) {}

Array::Array(std::vector<double> values, Shape shape, Locator locator)
    : shape_(std::move(shape)),
      size_(element_count(shape_)),
      strides_(strides_in_c_order(shape_, sizeof(double))),
      locator_(std::move(locator)) {
  assert(values.size() == size_);
  auto owner = std::make_shared<const std::vector<double>>(std::move(values));
  data_ = std::as_bytes(std::span(*owner)).data();
  owner_ = std::move(owner);
}

Array::Array(std::vector<std::string> words, Shape shape, Locator locator)
    : type_(ElementType::text),
      shape_(std::move(shape)),
      size_(element_count(shape_)),
      strides_(shape_.size(), 0),
      locator_(std::move(locator)) {
  assert(words.size() == size_);
  source_ = std::make_shared<HeldWords>(std::move(words));
}

Array::Array(ElementType type, Shape shape, std::shared_ptr<const ElementSource> source,
             Locator locator)
    : type_(type),
      shape_(std::move(shape)),
      size_(element_count(shape_)),
      strides_(shape_.size(), 0),
      source_(std::move(source)),
      locator_(std::move(locator)) {}

Array::Array(const std::byte* data, ElementType type, bool swapped, Shape shape,
             std::vector<std::ptrdiff_t> strides, std::shared_ptr<const void> owner,
             Locator locator)
    : data_(data),
      type_(type),
      swapped_(swapped),
      shape_(std::move(shape)),
      size_(element_count(shape_)),
      strides_(std::move(strides)),
      contiguous_(is_contiguous(shape_, strides_, byte_size(type))),
      owner_(std::move(owner)),
      locator_(std::move(locator)) {
  assert(type != ElementType::text && strides_.size() == shape_.size());
}

void Array::read(std::size_t first, std::span<double> out) const {
  assert(first <= size_ && out.size() <= size_ - first);
  if (out.empty()) return;
  if (type_ == ElementType::text) {
    std::string word;
    read_words(first, std::span(&word, 1));
    throw Error(ErrorCode::not_a_number, "expected a number, found " + text::quoted(word),
                place(first));
  }
  if (source_) {
    source_->read(first, out);
    return;
  }
  if (!contiguous_) return read_rows(first, out);
  const auto stride = static_cast<std::ptrdiff_t>(byte_size(type_));
  const std::byte* const start = data_ + static_cast<std::ptrdiff_t>(first) * stride;
  widen_loop(type_, swapped_)(start, stride, out.size(), out.data());
}

namespace {

template <class Number>
constexpr ElementType type_of = ElementType::text;
template <>
constexpr ElementType type_of<float> = ElementType::float32;
template <>
constexpr ElementType type_of<double> = ElementType::float64;
template <>
constexpr ElementType type_of<std::int64_t> = ElementType::int64;

}  // namespace

template <class Number>
bool Array::holds() const {
  const bool aligned = reinterpret_cast<std::uintptr_t>(data_) % alignof(Number) == 0;
  return type_ == type_of<Number> && !source_ && contiguous_ && !swapped_ && aligned;
}

template <class Number>
std::shared_ptr<const Number[]> Array::elements(std::size_t first, std::size_t count) const {
  assert(holds<Number>() && first <= size_ && count <= size_ - first);
  const std::span part(data_ + first * sizeof(Number), count * sizeof(Number));
  const bool copied = file_ && file_->copies(part.size());
  const std::shared_ptr<const std::byte[]> copy = copied ? file_->copy(part) : nullptr;
  const std::byte* const start = copied ? copy.get() : part.data();
  return {copy, reinterpret_cast<const Number*>(start)};
}

template bool Array::holds<float>() const;
template bool Array::holds<double>() const;
template bool Array::holds<std::int64_t>() const;
template std::shared_ptr<const float[]> Array::elements<float>(std::size_t, std::size_t) const;
template std::shared_ptr<const double[]> Array::elements<double>(std::size_t, std::size_t) const;
template std::shared_ptr<const std::int64_t[]> Array::elements<std::int64_t>(std::size_t,
                                                                             std::size_t) const;

void Array::read_words(std::size_t first, std::span<std::string> out) const {
  assert(type_ == ElementType::text && first <= size_ && out.size() <= size_ - first);
  if (!out.empty()) source_->read_words(first, out);
}

std::vector<std::string> Array::words() const {
  std::vector<std::string> words(size_);
  read_words(0, words);
  return words;
}

void Array::read_rows(std::size_t first, std::span<double> out) const {
  const Widen widen = widen_loop(type_, swapped_);
  std::vector<std::size_t> index = multi_index(first, shape_);
  std::size_t column = std::exchange(index.back(), 0);
  const std::byte* row = data_ + offset_of(index, strides_);
  const std::ptrdiff_t stride = strides_.back();
  while (!out.empty()) {
    const std::size_t count = std::min(out.size(), shape_.back() - column);
    widen(row + static_cast<std::ptrdiff_t>(column) * stride, stride, count, out.data());
    out = out.subspan(count);
    column = 0;
    advance_row(index, shape_, strides_, row);
  }
}

Place Array::place(std::size_t position) const {
  assert(position < size_);
  return locator_(multi_index(position, shape_));
}

Place Array::place() const { return locator_({}); }

/// The elements in C order in memory of their own, under a shape of the same size.
Array Array::copied(Shape shape, Locator locator) const {
  const std::size_t element_size = byte_size(type_);
  auto bytes = std::make_shared<std::vector<std::byte>>(size_ * element_size);
  std::vector<std::size_t> index(shape_.size(), 0);
  const std::byte* row = data_;
  std::byte* out = bytes->data();
  for (std::size_t done = 0; done < size_; done += shape_.back()) {
    for (std::size_t column = 0; column < shape_.back(); ++column, out += element_size) {
      std::memcpy(out, row + static_cast<std::ptrdiff_t>(column) * strides_.back(), element_size);
    }
    advance_row(index, shape_, strides_, row);
  }
  auto strides = strides_in_c_order(shape, element_size);
  const std::byte* const data = bytes->data();
  return {data,
          type_,
          swapped_,
          std::move(shape),
          std::move(strides),
          std::move(bytes),
          std::move(locator)};
}

Array Array::reshaped(Shape shape) const {
  assert(element_count(shape) == size_);
  Array result = *this;
  const bool same_columns = !shape.empty() && !shape_.empty() && shape.back() == shape_.back();
  Locator locator = locator_of_reshaped(locator_, shape_, shape);
  if (source_) {
    result.shape_ = std::move(shape);
    result.strides_.assign(result.shape_.size(), 0);
    result.locator_ = std::move(locator);
  } else if (!contiguous_) {
    result = copied(std::move(shape), std::move(locator));
  } else {
    result.strides_ = strides_in_c_order(shape, byte_size(type_));
    result.shape_ = std::move(shape);
    result.locator_ = std::move(locator);
  }
  result.column_names_ = same_columns ? column_names_ : std::vector<std::string>{};
  return result;
}

/// The chosen columns, unevenly spaced, in memory of their own.
Array Array::gathered(std::span<const std::size_t> positions, Locator locator) const {
  const std::size_t element_size = byte_size(type_);
  Shape shape{shape_[0], positions.size()};
  auto bytes = std::make_shared<std::vector<std::byte>>(element_count(shape) * element_size);
  std::byte* out = bytes->data();
  const std::byte* row = data_;
  for (std::size_t i = 0; i < shape[0]; ++i, row += strides_[0]) {
    for (const std::size_t column : positions) {
      std::memcpy(out, row + static_cast<std::ptrdiff_t>(column) * strides_[1], element_size);
      out += element_size;
    }
  }
  auto strides = strides_in_c_order(shape, element_size);
  const std::byte* const data = bytes->data();
  return {data,
          type_,
          swapped_,
          std::move(shape),
          std::move(strides),
          std::move(bytes),
          std::move(locator)};
}

Array Array::selected(std::span<const std::size_t> positions, const Shape& shape,
                      Locator locator) const {
  if (source_) {
    const std::vector<std::size_t> chosen(positions.begin(), positions.end());
    return {type_, shape, std::make_shared<SelectedColumns>(source_, shape_[1], chosen),
            std::move(locator)};
  }
  if (!evenly_spaced(positions)) return gathered(positions, std::move(locator));
  const std::ptrdiff_t stride = strides_[1];
  const auto offset = [&](std::size_t k) {
    return static_cast<std::ptrdiff_t>(positions[k]) * stride;
  };
  std::vector<std::ptrdiff_t> strides{strides_[0]};
  if (positions.size() > 1) strides.push_back(offset(1) - offset(0));
  return {data_ + offset(0),  type_,  swapped_,          shape,
          std::move(strides), owner_, std::move(locator)};
}

Array Array::columns(std::span<const std::size_t> positions) const {
  assert(rank() == 2 && !positions.empty());
  const std::size_t rows = shape_[0];
  const Shape shape = positions.size() == 1 ? Shape{rows} : Shape{rows, positions.size()};
  Locator locator = locator_of_columns(locator_, {positions.begin(), positions.end()});
  Array result = selected(positions, shape, std::move(locator));
  if (column_names_.size() == shape_[1]) {
    for (const std::size_t column : positions)
      result.column_names_.push_back(column_names_[column]);
  }
  result.reading_ = reading_;
  result.keys_ = keys_;
  return result;
}

}  // namespace losscalc::io
