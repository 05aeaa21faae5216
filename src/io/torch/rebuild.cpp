#include "io/torch/rebuild.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "text/phrases.h"

namespace losscalc::io::torch {
namespace {

constexpr std::size_t max_axes = 64;
/// Elements that share their places in a storage are bounded, as a file of a few bytes could
/// otherwise ask for any number of them.
constexpr std::uint64_t max_shared_elements = std::uint64_t{1} << 32U;

/// The arguments of a call, taken by what they have to be.
class Arguments {
 public:
  Arguments(std::string_view function, const Sequence& arguments, const std::vector<Value>& values,
            const Place& place)
      : function_(function), items_(arguments.items), values_(values), place_(place) {}

  std::size_t count() const { return items_.size(); }
  const Place& place() const { return place_; }
  const std::vector<Value>& values() const { return values_; }

  [[noreturn]] void fail() const {
    throw_malformed(place_,
                    std::string(function_) + " is called with other arguments than it takes");
  }

  const Value& value(std::size_t position) const {
    if (position >= items_.size()) fail();
    return values_[items_[position]];
  }

  template <class Wanted>
  const Wanted& get(std::size_t position) const {
    const Wanted* const found = std::get_if<Wanted>(&value(position));
    if (found == nullptr) fail();
    return *found;
  }

  std::uint64_t natural(std::size_t position) const { return natural(value(position)); }

  std::vector<std::uint64_t> naturals(std::size_t position) const {
    std::vector<std::uint64_t> numbers;
    const Sequence& items = get<Sequence>(position);
    if (items.items.size() > max_axes) fail();
    for (const ValueId item : items.items) numbers.push_back(natural(values_[item]));
    return numbers;
  }

  const Global& global(std::size_t position, GlobalKind kind) const {
    const Other& other = get<Other>(position);
    if (other.global->kind != kind) fail();
    return *other.global;
  }

 private:
  std::uint64_t natural(const Value& value) const {
    const auto* const number = std::get_if<std::int64_t>(&value);
    if (number == nullptr || *number < 0) fail();
    return static_cast<std::uint64_t>(*number);
  }

  std::string_view function_;
  const std::vector<ValueId>& items_;
  const std::vector<Value>& values_;
  const Place& place_;
};

/// factor * factor, or nothing where that is more than 64 bits.
std::optional<std::uint64_t> product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  return result;
}

std::optional<std::uint64_t> sum(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
  return result;
}

/// Whether all elements of the view are within a storage of `length` elements.
bool fits(const Tensor& tensor, std::uint64_t length) {
  std::optional<std::uint64_t> last = tensor.offset;
  std::optional<std::uint64_t> count = 1;
  for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
    const auto reach = product(tensor.shape[axis] - 1, tensor.strides[axis]);
    if (!reach || !last) return false;
    last = sum(*last, *reach);
    count = count ? product(*count, tensor.shape[axis]) : std::nullopt;
  }
  return last && count && *last < length && *count <= std::max(length, max_shared_elements);
}

Value rebuilt_tensor(const Arguments& arguments, std::optional<ElementType> type) {
  auto tensor = std::make_shared<Tensor>();
  tensor->storage = *arguments.get<std::shared_ptr<const Storage>>(0);
  const Global& stored = *tensor->storage.type;
  tensor->type = type ? *type : *stored.type;
  tensor->offset = arguments.natural(1);
  const std::vector<std::uint64_t> lengths = arguments.naturals(2);
  tensor->shape.assign(lengths.begin(), lengths.end());
  tensor->strides = arguments.naturals(3);
  if (tensor->strides.size() != tensor->shape.size()) arguments.fail();
  const bool is_empty = std::ranges::find(tensor->shape, std::size_t{0}) != tensor->shape.end();
  const std::uint64_t length =
      tensor->storage.length * byte_size(*stored.type) / byte_size(tensor->type);
  if (!is_empty && !fits(*tensor, length)) {
    throw_malformed(arguments.place(), "a tensor of shape " + to_string(tensor->shape) +
                                           " reaches beyond its storage of " +
                                           text::counted(length, "element"));
  }
  return std::shared_ptr<const Tensor>(std::move(tensor));
}

Value rebuilt_subclass(const Arguments& arguments) {
  const Other& function = arguments.get<Other>(0);
  arguments.global(1, GlobalKind::tensor_class);
  if (function.global->kind == GlobalKind::rebuild_subclass) arguments.fail();
  return called(*function.global, arguments.get<Sequence>(2), arguments.values(),
                arguments.place());
}

/// The bytes whose values are the characters of a text: how Python 3 writes bytes by protocol 2.
Value encoded(const Arguments& arguments) {
  if (arguments.get<std::string>(1) != "latin1") arguments.fail();
  const std::string& text = arguments.get<std::string>(0);
  std::string bytes;
  bytes.reserve(text.size());
  for (std::size_t k = 0; k < text.size(); ++k) {
    const auto lead = static_cast<unsigned char>(text[k]);
    if (lead < 0x80) {
      bytes += text[k];
      continue;
    }
    const auto next = static_cast<unsigned char>(k + 1 < text.size() ? text[++k] : '\0');
    if ((lead != 0xc2 && lead != 0xc3) || (next & 0xc0U) != 0x80) arguments.fail();
    bytes += static_cast<char>((lead & 0x03U) << 6U | (next & 0x3fU));
  }
  return ByteString{std::move(bytes)};
}

Value numpy_scalar(const Arguments& arguments) {
  auto scalar = std::make_shared<NumpyArray>();
  scalar->type = *arguments.get<std::shared_ptr<NumpyType>>(0);
  scalar->bytes = arguments.get<ByteString>(1).bytes;
  return scalar;
}

/// Entries that are given to the constructor: (((key, value), ...),).
Value ordered_dict(const Arguments& arguments) {
  Dictionary dictionary;
  if (arguments.count() == 0) return dictionary;
  for (const ValueId entry : arguments.get<Sequence>(0).items) {
    const auto* const pair = std::get_if<Sequence>(&arguments.values()[entry]);
    if (pair == nullptr || pair->items.size() != 2) arguments.fail();
    dictionary.fields.emplace_back(pair->items[0], pair->items[1]);
  }
  return dictionary;
}

/// (version, byte order, ...)
void set_type_state(NumpyType& type, const Arguments& state) {
  const std::string& order = state.get<std::string>(1);
  if (order.size() != 1) state.fail();
  type.order = order[0];
}

/// (version, shape, dtype, whether in Fortran order, bytes)
void set_array_state(NumpyArray& array, const Arguments& state) {
  const std::vector<std::uint64_t> lengths = state.naturals(1);
  array.shape.assign(lengths.begin(), lengths.end());
  array.type = *state.get<std::shared_ptr<NumpyType>>(2);
  array.fortran_order = state.get<bool>(3);
  if (std::holds_alternative<Sequence>(state.value(4))) {
    throw Error(ErrorCode::unsupported_type,
                "the file holds a NumPy array of Python objects, expected numbers", state.place(),
                "save it as numbers: array.astype('float64')");
  }
  array.bytes = state.get<ByteString>(4).bytes;
}

}  // namespace

void throw_malformed(const Place& place, const std::string& reason) {
  throw Error(ErrorCode::malformed_torch, "not a well-formed torch.save file: " + reason, place);
}

Value called(const Global& function, const Sequence& sequence, const std::vector<Value>& values,
             const Place& place) {
  const Arguments arguments(function.name, sequence, values, place);
  switch (function.kind) {
    case GlobalKind::rebuild_tensor: return rebuilt_tensor(arguments, std::nullopt);
    case GlobalKind::rebuild_typed:
      return rebuilt_tensor(arguments, arguments.global(6, GlobalKind::dtype).type);
    case GlobalKind::rebuild_wrapped: return arguments.get<std::shared_ptr<const Tensor>>(0);
    case GlobalKind::rebuild_subclass: return rebuilt_subclass(arguments);
    case GlobalKind::size: return arguments.get<Sequence>(0);
    case GlobalKind::device: return Other{&function};
    case GlobalKind::ordered_dict: return ordered_dict(arguments);
    case GlobalKind::encode: return encoded(arguments);
    case GlobalKind::bytes:
      if (arguments.count() != 0) arguments.fail();
      return ByteString{};
    case GlobalKind::numpy_reconstruct:
      arguments.global(0, GlobalKind::numpy_class);
      return std::make_shared<NumpyArray>();
    case GlobalKind::numpy_dtype:
      return std::make_shared<NumpyType>(NumpyType{.code = arguments.get<std::string>(0)});
    case GlobalKind::numpy_scalar: return numpy_scalar(arguments);
    case GlobalKind::storage:
    case GlobalKind::untyped_storage:
    case GlobalKind::dtype:
    case GlobalKind::tensor_class:
    case GlobalKind::numpy_class: break;
  }
  arguments.fail();
}

void set_state(const Value& object, const Value& state, const std::vector<Value>& values,
               const Place& place) {
  // Attributes of a dictionary, as a module's state has them, hold no entries of it.
  if (std::holds_alternative<Dictionary>(object) || std::holds_alternative<Other>(object)) return;
  const auto* const items = std::get_if<Sequence>(&state);
  const auto* const type = std::get_if<std::shared_ptr<NumpyType>>(&object);
  const auto* const array = std::get_if<std::shared_ptr<NumpyArray>>(&object);
  if (items == nullptr || (type == nullptr && array == nullptr))
    throw_malformed(place, "an object is given a state that it does not have");
  const Arguments arguments("__setstate__", *items, values, place);
  if (type != nullptr) {
    set_type_state(**type, arguments);
  } else {
    set_array_state(**array, arguments);
  }
}

Value persistent(const Value& id, const std::vector<Value>& values, const Place& place) {
  const auto* const items = std::get_if<Sequence>(&id);
  if (items == nullptr) throw_malformed(place, "a persistent id is no tuple");
  const Arguments arguments("a persistent id", *items, values, place);
  const std::string& kind = arguments.get<std::string>(0);
  if (kind == "module") {
    throw Error(ErrorCode::unsupported_type, "the file holds a whole module, expected tensors",
                place, "save its tensors: torch.save(model.state_dict(), 'x.pt')");
  }
  if (kind != "storage") arguments.fail();
  auto storage = std::make_shared<Storage>();
  storage->type = arguments.get<Other>(1).global;
  if (storage->type->kind != GlobalKind::storage &&
      storage->type->kind != GlobalKind::untyped_storage)
    arguments.fail();
  storage->key = arguments.get<std::string>(2);
  storage->count = storage->length = arguments.natural(4);
  constexpr std::uint64_t max_count = std::uint64_t{1} << 58U;
  if (storage->count > max_count) arguments.fail();
  const bool is_part = arguments.count() > 5 && !std::holds_alternative<None>(arguments.value(5));
  if (is_part) {
    const Arguments part("a part of a storage", arguments.get<Sequence>(5), values, place);
    storage->offset = part.natural(1);
    storage->length = part.natural(2);
    const auto end = sum(storage->offset, storage->length);
    if (!end || *end > storage->count) part.fail();
  }
  return std::shared_ptr<const Storage>(std::move(storage));
}

}  // namespace losscalc::io::torch
