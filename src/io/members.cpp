#include "io/members.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/columns.h"
#include "numeric/shape.h"

namespace losscalc::io {
namespace {

/// The digits of integers as words.
class Digits final : public ElementSource {
 public:
  explicit Digits(Array numbers) : numbers_(std::move(numbers)) {}

  void read(std::size_t first, std::span<double> out) const override { numbers_.read(first, out); }

  void read_words(std::size_t first, std::span<std::string> out) const override {
    if (numbers_.holds<std::int64_t>()) {
      const auto elements = numbers_.elements<std::int64_t>(first, out.size());
      for (std::size_t k = 0; k < out.size(); ++k) {
        out[k] = std::to_string(elements.get()[k]);
      }
      return;
    }
    std::array<double, 256> values;
    while (!out.empty()) {
      const auto part = std::span(values).first(std::min(out.size(), values.size()));
      numbers_.read(first, part);
      for (std::size_t k = 0; k < part.size(); ++k) out[k] = digits_of(part[k], first + k);
      first += part.size();
      out = out.subspan(part.size());
    }
  }

 private:
  std::string digits_of(double value, std::size_t position) const {
    constexpr double first_inexact = 0x1p53;
    if (value == std::trunc(value) && std::abs(value) < first_inexact)
      return std::to_string(static_cast<std::int64_t>(value));
    throw Error(ErrorCode::unsupported_type,
                "keys of samples must be integers below 2^53 or texts, found another number",
                numbers_.place(position), "store them as int64 or as texts");
  }

  Array numbers_;
};

}  // namespace

MemberFragment parse_member_fragment(std::string_view fragment) {
  for (const std::string_view mark : {"&col=", "&row="}) {
    const std::size_t found = fragment.rfind(mark);
    if (found == std::string_view::npos) continue;
    return {std::string(fragment.substr(0, found)), std::string(fragment.substr(found + 1))};
  }
  for (const std::string_view start : {"col=", "row="}) {
    if (fragment.starts_with(start)) return {"", std::string(fragment)};
  }
  return {std::string(fragment), ""};
}

Array with_columns(Array array, std::string_view fragment) {
  if (fragment.empty()) return array;
  const Place place = array.place();
  const TableFragment table = parse_table_fragment(fragment, place.file);
  if (table.rows)
    throw Error(ErrorCode::bad_fragment, "rows of stored arrays can't be selected", place);
  if (!table.columns) return array;
  if (array.rank() != 2) {
    throw Error(ErrorCode::bad_fragment,
                "#col needs a two-dimensional array, found " + to_string(array.shape()), place);
  }
  Array selected = array.columns(
      selected_columns(*table.columns, array.column_names(), array.shape()[1], place.file));
  if (array.keys()) selected.set_keys(*array.keys());
  return selected;
}

Array as_keys(const Array& array) {
  if (array.rank() != 1) {
    throw Error(ErrorCode::shape_mismatch,
                "keys of samples need one axis, found shape " + to_string(array.shape()),
                array.place());
  }
  if (array.type() == ElementType::text) return array;
  const auto held = std::make_shared<const Array>(array);
  return {ElementType::text, array.shape(), std::make_shared<const Digits>(array),
          [held](std::span<const std::size_t> index) {
            return index.empty() ? held->place() : held->place(index[0]);
          }};
}

}  // namespace losscalc::io
