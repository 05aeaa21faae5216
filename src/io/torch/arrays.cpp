#include "io/torch/arrays.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include "io/columns.h"
#include "io/pointer.h"
#include "io/torch/rebuild.h"
#include "text/phrases.h"

namespace losscalc::io::torch {
namespace {

constexpr std::size_t max_levels = 32;

Locator locator_at(const Place& place) {
  return [place](std::span<const std::size_t> index) {
    Place element = place;
    element.index.assign(index.begin(), index.end());
    return element;
  };
}

bool is_number(const Value& value) {
  return std::holds_alternative<bool>(value) || std::holds_alternative<std::int64_t>(value) ||
         std::holds_alternative<double>(value);
}

bool is_stored(const Value& value) {
  return std::holds_alternative<std::shared_ptr<const Tensor>>(value) ||
         std::holds_alternative<std::shared_ptr<NumpyArray>>(value);
}

/// The first value that is no list, along first items; null for an empty list, and for lists that
/// are nested too deep.
const Value* first_leaf(const Pickle& pickle, ValueId value) {
  for (std::size_t level = 0; level <= max_levels; ++level) {
    const auto* const list = std::get_if<Sequence>(&pickle[value]);
    if (list == nullptr) return &pickle[value];
    if (list->items.empty()) return nullptr;
    value = list->items.front();
  }
  return nullptr;
}

/// The key of a dictionary's entry as a name: a text, or the digits of an integer.
std::optional<std::string> name_of(const Value& key) {
  if (const auto* const text = std::get_if<std::string>(&key)) return *text;
  if (const auto* const number = std::get_if<std::int64_t>(&key)) return std::to_string(*number);
  return std::nullopt;
}

/// The entries of a dictionary or list that have names; of those that are given twice, the last.
std::vector<Member> entries(const Pickle& pickle, ValueId value) {
  std::vector<Member> entries;
  if (const auto* const list = std::get_if<Sequence>(&pickle[value])) {
    for (const ValueId item : list->items)
      entries.push_back({std::to_string(entries.size()), item});
  }
  const auto* const dictionary = std::get_if<Dictionary>(&pickle[value]);
  if (dictionary == nullptr) return entries;
  std::map<std::string, std::size_t> known;
  for (const auto& [key, field] : dictionary->fields) {
    const std::optional<std::string> name = name_of(pickle[key]);
    if (!name) continue;
    const auto [place, is_new] = known.try_emplace(*name, entries.size());
    if (is_new) {
      entries.push_back({*name, field});
    } else {
      entries[place->second].value = field;
    }
  }
  return entries;
}

/// Walks what is nested, however it refers to itself.
class Collector {
 public:
  explicit Collector(const Pickle& pickle)
      : pickle_(pickle), left_(least_characters + characters_per_byte * pickle.size()) {}

  std::vector<Member> collect() {
    std::vector<Member> nested;
    for (const Member& entry : entries(pickle_, pickle_.root())) {
      if (is_array(pickle_, entry.value)) {
        const bool reads_as_pointer = entry.name.empty() || entry.name[0] == '/';
        members_.push_back(
            {reads_as_pointer ? "/" + pointer_part(entry.name) : entry.name, entry.value});
      } else {
        nested.push_back({"/" + pointer_part(entry.name), entry.value});
      }
    }
    for (const Member& entry : nested) descend(entry, 1);
    return std::move(members_);
  }

 private:
  void descend(const Member& member, std::size_t level) {
    if (level > max_levels) return;
    for (const Member& entry : entries(pickle_, member.value)) {
      const Member below{member.name + "/" + pointer_part(entry.name), entry.value};
      if (below.name.size() > left_) {
        throw Error(ErrorCode::unsupported_type,
                    "the values of the file refer to each other too often to be listed");
      }
      left_ -= below.name.size();
      if (is_array(pickle_, entry.value)) {
        members_.push_back(below);
      } else {
        descend(below, level + 1);
      }
    }
  }

  static constexpr std::size_t least_characters = std::size_t{1} << 20U;
  static constexpr std::size_t characters_per_byte = 32;

  const Pickle& pickle_;
  std::size_t left_;  ///< characters of names, as a small file may hold one value many times over
  std::vector<Member> members_;
};

/// Nested lists of numbers or words -> one array, in C order.
class Flattener {
 public:
  Flattener(const Pickle& pickle, Place place) : pickle_(pickle), place_(std::move(place)) {}

  Array flatten(ValueId value) {
    measure(value);
    add(value, 0);
    const Locator locator = locator_at(place_);
    if (are_words_) return {std::move(words_), shape_, locator};
    if (are_real_) return {std::move(reals_), shape_, locator};
    const auto held = std::make_shared<const std::vector<std::int64_t>>(std::move(integers_));
    return {std::as_bytes(std::span(*held)).data(),
            ElementType::int64,
            false,
            shape_,
            strides_in_c_order(shape_, sizeof(std::int64_t)),
            held,
            locator};
  }

 private:
  /// The lengths along the first items. A list may stand in another several times over, so that the
  /// lengths of lists do not bound their product.
  void measure(ValueId value) {
    std::size_t count = 1;
    while (const auto* const list = std::get_if<Sequence>(&pickle_[value])) {
      if (shape_.size() == max_levels) fail(ErrorCode::ragged, "lists are nested too deep");
      shape_.push_back(list->items.size());
      if (list->items.empty()) return;
      count *= list->items.size();
      if (count > pickle_.size())
        fail(ErrorCode::ragged, "lists hold more numbers than their file has bytes");
      value = list->items.front();
    }
    are_words_ = std::holds_alternative<std::string>(pickle_[value]);
  }

  void add(ValueId value, std::size_t axis) {
    const auto* const list = std::get_if<Sequence>(&pickle_[value]);
    if (list == nullptr && axis == shape_.size()) return add_leaf(pickle_[value]);
    if (list == nullptr || axis == shape_.size() || list->items.size() != shape_[axis]) {
      const std::string expected = axis < shape_.size()
                                       ? "a list of " + text::counted(shape_[axis], "element")
                                       : "a single value";
      const std::string found = list == nullptr
                                    ? "a single value"
                                    : "a list of " + text::counted(list->items.size(), "element");
      fail(ErrorCode::ragged, "ragged list: expected " + expected + ", found " + found);
    }
    index_.push_back(0);
    for (const ValueId item : list->items) {
      add(item, axis + 1);
      ++index_.back();
    }
    index_.pop_back();
  }

  void add_leaf(const Value& value) {
    if (are_words_) {
      const auto* const word = std::get_if<std::string>(&value);
      if (word == nullptr) fail(ErrorCode::not_a_number, "expected a text as before");
      words_.push_back(*word);
    } else if (const auto* const flag = std::get_if<bool>(&value)) {
      add_integer(*flag ? 1 : 0);
    } else if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
      add_integer(*integer);
    } else if (const auto* const real = std::get_if<double>(&value)) {
      if (!are_real_) reals_.assign(integers_.begin(), integers_.end());
      are_real_ = true;
      reals_.push_back(*real);
    } else {
      fail(ErrorCode::not_a_number, "expected a number");
    }
  }

  void add_integer(std::int64_t value) {
    if (are_real_) {
      reals_.push_back(static_cast<double>(value));
    } else {
      integers_.push_back(value);
    }
  }

  [[noreturn]] void fail(ErrorCode code, const std::string& message) const {
    Place place = place_;
    place.index = index_;
    throw Error(code, message, place,
                "save one tensor: torch.tensor(...) of numbers, or torch.stack(...) of tensors of "
                "one shape");
  }

  const Pickle& pickle_;
  Place place_;
  Shape shape_;
  std::vector<std::size_t> index_;
  bool are_words_ = false;
  bool are_real_ = false;
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
  std::vector<std::string> words_;
};

Array tensor_array(const Content& content, const Tensor& tensor, const Place& place) {
  const Bytes bytes = content.storages->bytes_of(tensor.storage);
  const std::size_t stored_size = byte_size(*tensor.storage.type->type);
  const std::size_t size = byte_size(tensor.type);
  const bool is_empty = element_count(tensor.shape) == 0;
  const std::size_t start =
      is_empty ? 0 : tensor.storage.offset * stored_size + tensor.offset * size;
  std::vector<std::ptrdiff_t> strides(tensor.shape.size(), 0);
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    // Of one element alone the stride is as large as the file likes.
    if (!is_empty && tensor.shape[axis] > 1)
      strides[axis] = static_cast<std::ptrdiff_t>(tensor.strides[axis] * size);
  }
  Array array(bytes.data.data() + start, tensor.type, content.storages->are_swapped(), tensor.shape,
              std::move(strides), bytes.owner, locator_at(place));
  array.take_copies_from(bytes.mapped);
  return array;
}

struct NumpyCode {
  std::string_view code;
  ElementType type;
};
constexpr std::array numpy_codes{
    NumpyCode{"b1", ElementType::boolean}, NumpyCode{"i1", ElementType::int8},
    NumpyCode{"i2", ElementType::int16},   NumpyCode{"i4", ElementType::int32},
    NumpyCode{"i8", ElementType::int64},   NumpyCode{"u1", ElementType::uint8},
    NumpyCode{"u2", ElementType::uint16},  NumpyCode{"u4", ElementType::uint32},
    NumpyCode{"u8", ElementType::uint64},  NumpyCode{"f2", ElementType::float16},
    NumpyCode{"f4", ElementType::float32}, NumpyCode{"f8", ElementType::float64},
};

/// Strides of an array whose first axis varies fastest.
std::vector<std::ptrdiff_t> strides_in_fortran_order(const Shape& shape, std::size_t size) {
  const Shape reversed(shape.rbegin(), shape.rend());
  std::vector<std::ptrdiff_t> strides = strides_in_c_order(reversed, size);
  std::ranges::reverse(strides);
  return strides;
}

Array numpy_array(const std::shared_ptr<NumpyArray>& array, const Place& place) {
  const auto code = std::ranges::find(numpy_codes, array->type.code, &NumpyCode::code);
  if (code == numpy_codes.end()) {
    throw Error(ErrorCode::unsupported_type,
                "the NumPy dtype " + text::quoted(array->type.code) +
                    " is not read, expected numbers or bool",
                place, "convert it: array.astype('float64'), or array.tolist() of texts");
  }
  const std::size_t size = byte_size(code->type);
  const bool is_empty = std::ranges::find(array->shape, std::size_t{0}) != array->shape.end();
  std::size_t left = array->bytes.size() / size;
  for (const std::size_t length : array->shape) left = is_empty ? 0 : left / length;
  if (is_empty ? !array->bytes.empty()
               : left == 0 || element_count(array->shape) * size != array->bytes.size()) {
    throw_malformed(place, "a NumPy array of shape " + to_string(array->shape) + " has " +
                               text::counted(array->bytes.size(), "byte"));
  }
  const bool is_little = std::endian::native == std::endian::little;
  const bool swapped =
      (array->type.order == '>' && is_little) || (array->type.order == '<' && !is_little);
  return {std::as_bytes(std::span<const char>(array->bytes)).data(),
          code->type,
          swapped,
          array->shape,
          array->fortran_order ? strides_in_fortran_order(array->shape, size)
                               : strides_in_c_order(array->shape, size),
          array,
          locator_at(place)};
}

}  // namespace

bool is_array(const Pickle& pickle, ValueId value) {
  if (is_stored(pickle[value]) || is_number(pickle[value])) return true;
  if (!std::holds_alternative<Sequence>(pickle[value])) return false;
  const Value* const leaf = first_leaf(pickle, value);
  return leaf == nullptr || is_number(*leaf) || std::holds_alternative<std::string>(*leaf);
}

bool is_single_number(const Pickle& pickle, ValueId value) {
  if (const auto* const tensor = std::get_if<std::shared_ptr<const Tensor>>(&pickle[value]))
    return (*tensor)->shape.empty();
  if (const auto* const array = std::get_if<std::shared_ptr<NumpyArray>>(&pickle[value]))
    return (*array)->shape.empty();
  return is_number(pickle[value]);
}

std::vector<Member> members(const Pickle& pickle) { return Collector(pickle).collect(); }

ValueId found(const Pickle& pickle, std::string_view name, const std::string& file) {
  const auto below = [&](ValueId value, const std::string& key) {
    const std::vector<Member> known = entries(pickle, value);
    const auto entry = std::ranges::find(known, key, &Member::name);
    if (entry != known.end()) return entry->value;
    std::vector<std::string> names;
    for (const Member& member : members(pickle)) names.push_back(member.name);
    throw Error(ErrorCode::missing_array, "there is no array " + text::quoted(name),
                Place{.file = file}, text::choices(name, names));
  };
  if (!name.starts_with('/')) return below(pickle.root(), std::string(name));
  ValueId value = pickle.root();
  for (std::size_t start = 1; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    const std::string part = percent_decoded(name.substr(start, end - start));
    value = below(value, key_of_part(part, Place{.file = file}));
    start = end + 1;
  }
  return value;
}

Array array_of(const Content& content, ValueId value, const Place& place) {
  const Pickle& pickle = content.pickle;
  if (const auto* const tensor = std::get_if<std::shared_ptr<const Tensor>>(&pickle[value]))
    return tensor_array(content, **tensor, place);
  if (const auto* const array = std::get_if<std::shared_ptr<NumpyArray>>(&pickle[value]))
    return numpy_array(*array, place);
  if (is_array(pickle, value)) return Flattener(pickle, place).flatten(value);
  std::vector<std::string> names;
  for (const Member& entry : entries(pickle, value)) names.push_back(entry.name);
  if (names.empty()) {
    throw Error(ErrorCode::not_a_number, "expected a tensor or numbers, found another value",
                place);
  }
  const std::string below =
      place.path.empty() ? "" : (place.path[0] == '/' ? "" : "/") + place.path;
  throw Error(ErrorCode::missing_array,
              "expected one array, found " + text::counted(names.size(), "value"), place,
              "name one: " + place.file + "#" + below +
                  "/NAME, or join them: torch.cat(tensors); "
                  "available: " +
                  text::listed(names));
}

}  // namespace losscalc::io::torch
