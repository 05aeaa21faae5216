#include "io/gather.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "io/spool.h"

namespace losscalc::io {
namespace {

std::size_t row_size(const Array& array) {
  return array.shape()[0] == 0 ? 0 : array.size() / array.shape()[0];
}

class GatheredRows final : public ElementSource {
 public:
  GatheredRows(Array array, std::vector<std::size_t> rows)
      : array_(std::move(array)), rows_(std::move(rows)) {}

  void read(std::size_t first, std::span<double> out) const override {
    gather(first, out, [this](std::size_t at, std::span<double> run) { array_.read(at, run); });
  }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    gather(first, out,
           [this](std::size_t at, std::span<std::string> run) { array_.read_words(at, run); });
  }

 private:
  /// Reads rows that follow one another in the array at once.
  template <class T, class Read>
  void gather(std::size_t first, std::span<T> out, Read read_run) const {
    const std::size_t width = row_size(array_);
    while (!out.empty()) {
      const std::size_t row = first / width;
      const std::size_t within = first % width;
      std::size_t end = row + 1;
      while (end < rows_.size() && rows_[end] == rows_[end - 1] + 1 &&
             (end - row) * width < within + out.size())
        ++end;
      const std::size_t count = std::min(out.size(), (end - row) * width - within);
      read_run(rows_[row] * width + within, out.first(count));
      out = out.subspan(count);
      first += count;
    }
  }

  Array array_;
  std::vector<std::size_t> rows_;
};

/// All numbers, decoded once.
Array spooled(const Array& array) {
  constexpr std::size_t piece = std::size_t{1} << 16U;
  Spool spool;
  std::vector<double> values;
  for (std::size_t first = 0; first < array.size(); first += values.size()) {
    values.resize(std::min(piece, array.size() - first));
    array.read(first, values);
    spool.append(std::as_bytes(std::span(values)));
  }
  const Bytes bytes = spool.finish(array.place().file);
  const std::size_t width = row_size(array) * sizeof(double);
  return {bytes.data.data(),
          ElementType::float64,
          false,
          {array.shape()[0], row_size(array)},
          {static_cast<std::ptrdiff_t>(width), sizeof(double)},
          bytes.owner,
          [array](std::span<const std::size_t>) { return array.place(); }};
}

Array held_words(const Array& array) {
  return {array.words(), array.shape(), [array](std::span<const std::size_t> index) {
            return index.empty() ? array.place() : array.place(index[0]);
          }};
}

}  // namespace

Array gathered(const Array& array, const std::vector<std::size_t>& rows) {
  Shape shape = array.shape();
  shape[0] = rows.size();
  Array from = array;
  if (!array.is_stored() && !std::ranges::is_sorted(rows) && array.size() > 0)
    from = array.type() == ElementType::text ? held_words(array) : spooled(array);
  Array result(array.type(), shape, std::make_shared<const GatheredRows>(std::move(from), rows),
               [array, rows](std::span<const std::size_t> index) {
                 if (index.empty()) return array.place();
                 std::size_t position = rows[index[0]];
                 for (std::size_t axis = 1; axis < array.rank(); ++axis)
                   position =
                       position * array.shape()[axis] + (axis < index.size() ? index[axis] : 0);
                 return array.place(position);
               });
  result.set_column_names(array.column_names());
  result.set_reading(array.reading());
  return result;
}

}  // namespace losscalc::io
