/// An n-dimensional array as it was read: any element type, owned, memory-mapped or decoded when it
/// is asked for, with the place of each element.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/error.h"
#include "io/reading.h"
#include "numeric/shape.h"

namespace losscalc::io {

class MappedFile;

enum class ElementType : std::uint8_t {
  boolean,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  bfloat16,
  float32,
  float64,
  text,
};

std::string_view name(ElementType type);
bool is_integer(ElementType type);
std::size_t byte_size(ElementType type);
/// The distance from 1 to the next larger number: of bfloat16, float16 and float32 their own, of
/// others that of float64.
double machine_epsilon(ElementType type);

/// How many bytes apart neighbours along each axis lie in C order; zeros where there are no
/// elements.
std::vector<std::ptrdiff_t> strides_in_c_order(const Shape& shape, std::size_t element_size);

/// Maps an element's multi-index to its place in the file that it came from; the empty index, to
/// the place of the array as a whole.
using Locator = std::function<Place(std::span<const std::size_t> index)>;

/// Elements that are made when they are asked for: decoded from a text, or taken from other arrays.
/// Positions are in C order. Several threads may read at a time; reading goes mostly upwards.
class ElementSource {
 public:
  virtual ~ElementSource() = default;
  /// Throws Error for what is wrong with these elements.
  virtual void read(std::size_t first, std::span<double> out) const = 0;
  /// Of a source of words only.
  virtual void read_words(std::size_t first, std::span<std::string> out) const = 0;
};

class Array {
 public:
  /// A single zero; of use only to be assigned to.
  Array();

  /// An array that owns its numbers, in C order. `values.size()` must be element_count(shape).
  Array(std::vector<double> values, Shape shape, Locator locator);

  /// An array of words (class names), which read() refuses; in C order.
  Array(std::vector<std::string> words, Shape shape, Locator locator);

  /// A view of bytes that `owner` keeps alive: element (i0, i1, ...) lies at
  /// data + sum(i_k * strides[k]) bytes, aligned or not, byte-swapped if `swapped`.
  Array(const std::byte* data, ElementType type, bool swapped, Shape shape,
        std::vector<std::ptrdiff_t> strides, std::shared_ptr<const void> owner, Locator locator);

  /// An array of numbers of `type`, or of words where it is text, that `source` makes.
  Array(ElementType type, Shape shape, std::shared_ptr<const ElementSource> source,
        Locator locator);

  const Shape& shape() const { return shape_; }
  std::size_t rank() const { return shape_.size(); }
  std::size_t size() const { return size_; }
  ElementType type() const { return type_; }

  /// Whether the elements lie in memory or in a file as numbers, so that reading them anywhere
  /// costs no decoding.
  bool is_stored() const { return source_ == nullptr; }

  /// Widens elements first, first+1, ... (in C order, whatever the storage order) to double; 64-bit
  /// integers go to the nearest. Several threads may read at a time. Throws Error(not_a_number) if
  /// the elements are words.
  void read(std::size_t first, std::span<double> out) const;

  /// Whether the elements lie in memory as the machine's own numbers of that type (float, double or
  /// std::int64_t), in C order; then elements() gives them so for as long as the array and what it
  /// returned live: where they lie, or a copy of a piece of the file where that is faster.
  template <class Number>
  bool holds() const;
  template <class Number>
  std::shared_ptr<const Number[]> elements(std::size_t first, std::size_t count) const;
  /// The file that the bytes lie in, or none.
  void take_copies_from(std::shared_ptr<const MappedFile> file) { file_ = std::move(file); }

  /// Words first, first+1, ... of an array of type text (of no other), in C order.
  void read_words(std::size_t first, std::span<std::string> out) const;
  /// All of them.
  std::vector<std::string> words() const;

  /// Where the element with this C-order position stands in its file.
  Place place(std::size_t position) const;

  /// The place of the array as a whole.
  Place place() const;

  /// The same elements under another shape of the same size, in C order; copied only if the storage
  /// is strided. Column names are kept if the last axis keeps its length.
  Array reshaped(Shape shape) const;

  /// The chosen positions of the last axis of a two-dimensional array; one position gives a
  /// one-dimensional array. Copied only if the positions are unevenly spaced.
  Array columns(std::span<const std::size_t> positions) const;

  /// Names of the columns (the last axis), where the file gives them; empty otherwise. A single
  /// column read as [N] has its one name.
  const std::vector<std::string>& column_names() const { return column_names_; }
  void set_column_names(std::vector<std::string> names) { column_names_ = std::move(names); }

  /// What was read of the file, and what was left out.
  const Reading& reading() const { return reading_; }
  void set_reading(Reading reading) { reading_ = std::move(reading); }
  void add_note(std::string note) { reading_.notes.push_back(std::move(note)); }

  /// Words [N] that name the samples of the first axis, where the file gives them; else null.
  const std::shared_ptr<const Array>& keys() const { return keys_; }
  void set_keys(Array keys) { keys_ = std::make_shared<const Array>(std::move(keys)); }

 private:
  void read_rows(std::size_t first, std::span<double> out) const;
  Array copied(Shape shape, Locator locator) const;
  Array selected(std::span<const std::size_t> positions, const Shape& shape, Locator locator) const;
  Array gathered(std::span<const std::size_t> positions, Locator locator) const;

  const std::byte* data_ = nullptr;
  ElementType type_ = ElementType::float64;
  bool swapped_ = false;
  Shape shape_;
  std::size_t size_ = 1;
  std::vector<std::ptrdiff_t> strides_;
  bool contiguous_ = true;
  std::shared_ptr<const void> owner_;
  std::shared_ptr<const MappedFile> file_;
  std::shared_ptr<const ElementSource> source_;  ///< where there are no bytes to widen
  Locator locator_;
  std::vector<std::string> column_names_;
  Reading reading_;
  std::shared_ptr<const Array> keys_;
};

}  // namespace losscalc::io
