#include "io/concatenate.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "diagnostics/error.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

class Concatenation final : public ElementSource {
 public:
  explicit Concatenation(std::vector<Array> parts) : parts_(std::move(parts)) {
    std::size_t start = 0;
    for (const Array& part : parts_) {
      starts_.push_back(start);
      start += part.size();
    }
  }

  void read(std::size_t first, std::span<double> out) const override {
    for_each_part(first, out, [](const Array& part, std::size_t at, std::span<double> piece) {
      part.read(at, piece);
    });
  }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    for_each_part(first, out, [](const Array& part, std::size_t at, std::span<std::string> piece) {
      part.read_words(at, piece);
    });
  }

  Place place(std::size_t position) const {
    const std::size_t k = part_of(position);
    return parts_[k].place(position - starts_[k]);
  }
  Place place() const { return parts_.front().place(); }

 private:
  /// The part that holds an element.
  std::size_t part_of(std::size_t position) const {
    const auto next = std::ranges::upper_bound(starts_, position);
    return static_cast<std::size_t>(next - starts_.begin()) - 1;
  }

  template <class T, class Visit>
  void for_each_part(std::size_t first, std::span<T> out, Visit visit) const {
    for (std::size_t k = out.empty() ? 0 : part_of(first); !out.empty(); ++k) {
      const std::size_t at = first - starts_[k];
      const std::size_t count = std::min(out.size(), parts_[k].size() - at);
      visit(parts_[k], at, out.first(count));
      out = out.subspan(count);
      first += count;
    }
  }

  std::vector<Array> parts_;
  std::vector<std::size_t> starts_;
};

bool same_rows(const Shape& one, const Shape& other) {
  return one.size() == other.size() && std::equal(one.begin() + 1, one.end(), other.begin() + 1);
}

ElementType common_type(const std::vector<Array>& parts) {
  const ElementType first = parts.front().type();
  const auto integer = [](const Array& part) { return is_integer(part.type()); };
  if (std::ranges::all_of(parts, [&](const Array& part) { return part.type() == first; }))
    return first;
  return std::ranges::all_of(parts, integer) ? ElementType::int64 : ElementType::float64;
}

/// The parts with columns of the same names in the order of the first part's.
std::vector<Array> with_columns_in_one_order(std::vector<Array> parts) {
  const std::vector<std::string> names = parts.front().column_names();
  for (Array& part : std::span(parts).subspan(1)) {
    const std::vector<std::string>& others = part.column_names();
    if (names.size() < 2 || others.size() != names.size() || others == names) continue;
    if (!std::ranges::is_permutation(names, others)) {
      const auto odd = std::ranges::find_if(others, [&](const std::string& name) {
        return std::ranges::find(names, name) == names.end();
      });
      throw Error(ErrorCode::shape_mismatch,
                  "the columns of parts must have the same names, and there is no " +
                      text::quoted(odd == others.end() ? others.front() : *odd) + " in " +
                      parts.front().place().file,
                  part.place());
    }
    std::vector<std::size_t> positions;
    positions.reserve(names.size());
    for (const std::string& name : names)
      positions.push_back(
          static_cast<std::size_t>(std::ranges::find(others, name) - others.begin()));
    part = part.columns(positions);
    part.add_note("columns are matched by name with those of " + parts.front().place().file);
  }
  return parts;
}

/// What was read of all parts. A first row that may be a header is for each part to be settled.
Reading joined_reading(const std::vector<Array>& parts) {
  Reading joined = parts.front().reading();
  for (const Array& part : std::span(parts).subspan(1)) {
    for (const std::string& note : part.reading().notes) {
      if (std::ranges::find(joined.notes, note) == joined.notes.end()) joined.notes.push_back(note);
    }
    const bool is_unsettled = !part.reading().header_doubt.empty();
    if (is_unsettled && joined.header_doubt.empty())
      joined.header_doubt = part.reading().header_doubt;
    joined.header_is_likely = joined.header_is_likely && part.reading().header_is_likely;
    for (KeyColumn& key : joined.key_columns) {
      const auto same = std::ranges::find(part.reading().key_columns, key.name, &KeyColumn::name);
      if (same == part.reading().key_columns.end()) continue;
      key.words = std::make_shared<const Array>(concatenated({*key.words, *same->words}));
      key.certain = key.certain && same->certain;
    }
  }
  return joined;
}

}  // namespace

Array concatenated(const std::vector<Array>& given) {
  if (given.size() == 1) return given.front();
  const std::vector<Array> parts = with_columns_in_one_order(given);
  const Array& first = parts.front();
  Shape shape = first.shape();
  if (shape.empty()) {
    throw Error(ErrorCode::shape_mismatch, "a single number has no axis to join files along",
                first.place());
  }
  for (const Array& part : std::span(parts).subspan(1)) {
    const bool same_kind =
        (part.type() == ElementType::text) == (first.type() == ElementType::text);
    if (!same_rows(part.shape(), first.shape())) {
      throw Error(ErrorCode::shape_mismatch,
                  "files are concatenated along the first axis, so all others must agree: " +
                      to_string(first.shape()) + " in " + first.place().file + ", here " +
                      to_string(part.shape()),
                  part.place());
    }
    if (!same_kind) {
      throw Error(
          ErrorCode::shape_mismatch,
          "some of the files hold words and some numbers: " + first.place().file + " and this one",
          part.place());
    }
    shape[0] += part.shape()[0];
  }
  const auto source = std::make_shared<const Concatenation>(parts);
  const Shape whole = shape;
  Array joined(common_type(parts), std::move(shape), source,
               [source, whole](std::span<const std::size_t> index) {
                 if (index.empty()) return source->place();
                 std::size_t position = 0;
                 for (std::size_t axis = 0; axis < whole.size(); ++axis)
                   position = position * whole[axis] + index[axis];
                 return source->place(position);
               });
  joined.set_column_names(first.column_names());
  joined.set_reading(joined_reading(parts));
  if (std::ranges::all_of(parts, [](const Array& part) { return part.keys() != nullptr; })) {
    std::vector<Array> keys;
    keys.reserve(parts.size());
    for (const Array& part : parts) keys.push_back(*part.keys());
    joined.set_keys(concatenated(keys));
  }
  return joined;
}

}  // namespace losscalc::io
