#include "io/safetensors/safetensors.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "diagnostics/error.h"
#include "io/members.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

constexpr std::size_t length_bytes = 8;
/// The limit of the reference implementation.
constexpr std::uint64_t max_header = 100'000'000;
constexpr std::size_t max_axes = 32;

struct Dtype {
  std::string_view name;
  std::size_t size;
  std::optional<ElementType> type;  ///< none: it is not read
};
constexpr std::array dtypes{
    Dtype{"F64", 8, ElementType::float64},  Dtype{"F32", 4, ElementType::float32},
    Dtype{"F16", 2, ElementType::float16},  Dtype{"BF16", 2, ElementType::bfloat16},
    Dtype{"I64", 8, ElementType::int64},    Dtype{"I32", 4, ElementType::int32},
    Dtype{"I16", 2, ElementType::int16},    Dtype{"I8", 1, ElementType::int8},
    Dtype{"U64", 8, ElementType::uint64},   Dtype{"U32", 4, ElementType::uint32},
    Dtype{"U16", 2, ElementType::uint16},   Dtype{"U8", 1, ElementType::uint8},
    Dtype{"BOOL", 1, ElementType::boolean}, Dtype{"F8_E4M3", 1, std::nullopt},
    Dtype{"F8_E5M2", 1, std::nullopt},      Dtype{"F8_E8M0", 1, std::nullopt},
    Dtype{"C64", 8, std::nullopt},
};

struct Tensor {
  std::string name;
  std::string dtype;
  Shape shape;
  std::uint64_t begin = 0;  ///< from the end of the header
  std::uint64_t end = 0;
};

std::uint64_t length_of_header(std::string_view content) {
  std::uint64_t length = 0;
  for (std::size_t k = length_bytes; k-- > 0;)
    length = length << 8U | static_cast<unsigned char>(content[k]);
  return length;
}

/// Reads the header and holds the tensors to what the format promises.
class Header {
 public:
  Header(const std::string& file, std::string_view text, std::uint64_t data_size)
      : file_(file), data_size_(data_size) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    const simdjson::error_code error = parser.parse(text.data(), text.size(), true).get(root);
    if (error != simdjson::SUCCESS)
      fail("",
           std::string("the header is not well-formed JSON: ") + simdjson::error_message(error));
    simdjson::dom::object fields;
    if (root.get(fields) != simdjson::SUCCESS) fail("", "the header is no JSON object");
    std::set<std::string_view> seen;
    for (const auto& field : fields) {
      if (!seen.insert(field.key).second) fail(std::string(field.key), "the name is given twice");
      if (field.key != "__metadata__") tensors_.push_back(tensor(field.key, field.value));
    }
    check_extents();
  }

  std::vector<Tensor> take() { return std::move(tensors_); }

 private:
  [[noreturn]] void fail(const std::string& name, const std::string& reason) const {
    throw Error(ErrorCode::malformed_safetensors, "not a well-formed safetensors file: " + reason,
                Place{.file = file_, .path = name});
  }

  Tensor tensor(std::string_view name, simdjson::dom::element description) const {
    Tensor tensor{.name = std::string(name), .dtype = {}, .shape = {}};
    simdjson::dom::object fields;
    if (description.get(fields) != simdjson::SUCCESS) fail(tensor.name, "expected an object");
    std::string_view dtype;
    if (fields["dtype"].get(dtype) != simdjson::SUCCESS) fail(tensor.name, "it has no dtype");
    tensor.dtype = dtype;
    for (const std::uint64_t length : numbers(tensor.name, fields, "shape"))
      tensor.shape.push_back(length);
    if (tensor.shape.size() > max_axes) fail(tensor.name, "it has more than 32 axes");
    const std::vector<std::uint64_t> offsets = numbers(tensor.name, fields, "data_offsets");
    if (offsets.size() != 2 || offsets[0] > offsets[1])
      fail(tensor.name, "data_offsets must be two numbers, the second not below the first");
    tensor.begin = offsets[0];
    tensor.end = offsets[1];
    if (tensor.end > data_size_) {
      fail(tensor.name, "it ends at byte " + std::to_string(tensor.end) + " of the data, found " +
                            std::to_string(data_size_) + " bytes: the file is cut short");
    }
    check_size(tensor);
    return tensor;
  }

  std::vector<std::uint64_t> numbers(const std::string& name, simdjson::dom::object fields,
                                     std::string_view key) const {
    simdjson::dom::array items;
    if (fields[key].get(items) != simdjson::SUCCESS) fail(name, "it has no " + std::string(key));
    std::vector<std::uint64_t> found;
    for (const simdjson::dom::element item : items) {
      std::uint64_t number = 0;
      if (item.get(number) != simdjson::SUCCESS)
        fail(name, "expected numbers from 0 in " + std::string(key));
      found.push_back(number);
    }
    return found;
  }

  /// The shape has as many bytes as the offsets say; of types that are not known, nobody can tell.
  void check_size(const Tensor& tensor) const {
    const auto row = std::ranges::find(dtypes, tensor.dtype, &Dtype::name);
    if (row == dtypes.end()) return;
    const std::uint64_t found = tensor.end - tensor.begin;
    const bool is_empty = std::ranges::find(tensor.shape, std::size_t{0}) != tensor.shape.end();
    std::uint64_t bytes = is_empty ? 0 : row->size;
    for (const std::size_t length : tensor.shape) {
      if (bytes == 0) break;
      if (length > std::numeric_limits<std::uint64_t>::max() / bytes) {
        fail(tensor.name, "the shape " + to_string(tensor.shape) + " is larger than any file");
      }
      bytes *= length;
    }
    if (bytes != found) {
      fail(tensor.name, "the shape " + to_string(tensor.shape) + " of " + tensor.dtype + " needs " +
                            std::to_string(bytes) + " bytes, data_offsets have " +
                            std::to_string(found));
    }
  }

  /// Every byte of the data belongs to one tensor.
  void check_extents() const {
    std::vector<const Tensor*> in_order;
    for (const Tensor& tensor : tensors_) in_order.push_back(&tensor);
    std::ranges::sort(in_order, {},
                      [](const Tensor* tensor) { return std::pair(tensor->begin, tensor->end); });
    std::uint64_t reached = 0;
    for (const Tensor* const tensor : in_order) {
      if (tensor->begin < reached) fail(tensor->name, "it overlaps with another tensor");
      if (tensor->begin > reached) fail(tensor->name, "bytes before it belong to no tensor");
      reached = tensor->end;
    }
    if (reached != data_size_) {
      fail("", std::to_string(data_size_ - reached) + " bytes at the end belong to no tensor");
    }
  }

  std::string file_;
  std::uint64_t data_size_;
  std::vector<Tensor> tensors_;
};

class SafetensorsContainer final : public Container {
 public:
  SafetensorsContainer(Bytes bytes, std::string_view id) : bytes_(std::move(bytes)), id_(id) {
    const std::string_view content = bytes_.text();
    if (content.size() < length_bytes) fail_cut();
    const std::uint64_t length = length_of_header(content);
    if (length > max_header || length > content.size() - length_bytes) fail_cut();
    data_ = bytes_.data.subspan(length_bytes + length);
    tensors_ = Header(bytes_.file, content.substr(length_bytes, length), data_.size()).take();
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const Tensor& tensor : tensors_) {
      if (id_.empty() || tensor.name != id_) names.push_back(tensor.name);
    }
    return names;
  }

  Array array(std::string_view name) const override {
    Array array = stored(name);
    if (!id_.empty()) array.set_keys(as_keys(stored(id_)));
    return array;
  }

 private:
  [[noreturn]] void fail_cut() const {
    throw Error(ErrorCode::malformed_safetensors,
                "not a well-formed safetensors file: it ends within the header",
                Place{.file = bytes_.file});
  }

  Array stored(std::string_view name) const {
    const auto tensor = std::ranges::find(tensors_, name, &Tensor::name);
    if (tensor == tensors_.end()) {
      throw Error(ErrorCode::missing_array, "there is no tensor " + text::quoted(name),
                  Place{.file = bytes_.file}, text::choices(name, names()));
    }
    const Place place{.file = bytes_.file, .path = tensor->name};
    const auto row = std::ranges::find(dtypes, tensor->dtype, &Dtype::name);
    if (row == dtypes.end() || !row->type) {
      throw Error(ErrorCode::unsupported_type,
                  "dtype " + text::quoted(tensor->dtype) +
                      " is not read, expected F64, F32, F16, BF16, BOOL or integers",
                  place,
                  "convert it: safetensors.torch.save_file({name: t.float() for name, t in "
                  "tensors.items()}, 'x.safetensors')");
    }
    constexpr bool swapped = std::endian::native == std::endian::big;
    Array array(data_.data() + tensor->begin, *row->type, swapped, tensor->shape,
                strides_in_c_order(tensor->shape, row->size), bytes_.owner,
                [place](std::span<const std::size_t> index) {
                  Place element = place;
                  element.index.assign(index.begin(), index.end());
                  return element;
                });
    array.take_copies_from(bytes_.mapped);
    return array;
  }

  Bytes bytes_;
  std::string id_;
  std::span<const std::byte> data_;
  std::vector<Tensor> tensors_;
};

}  // namespace

bool looks_like_safetensors(std::string_view content) {
  constexpr std::uint64_t shortest = 2;
  if (content.size() <= length_bytes || content[length_bytes] != '{') return false;
  const std::uint64_t length = length_of_header(content);
  return length >= shortest && length <= max_header;
}

std::unique_ptr<Container> open_safetensors(const Bytes& bytes, std::string_view id) {
  return std::make_unique<SafetensorsContainer>(bytes, id);
}

Array read_safetensors(const Bytes& bytes, std::string_view fragment, std::string_view id) {
  const SafetensorsContainer container(bytes, id);
  MemberFragment wanted = parse_member_fragment(fragment);
  if (wanted.name.empty()) {
    const std::vector<std::string> names = container.names();
    if (names.empty())
      throw Error(ErrorCode::no_data, "the file holds no tensors", Place{.file = bytes.file});
    if (names.size() != 1) {
      throw Error(ErrorCode::missing_array,
                  "the file holds " + text::counted(names.size(), "tensor"),
                  Place{.file = bytes.file},
                  "name one: " + bytes.file + "#NAME; available: " + text::listed(names));
    }
    wanted.name = names.front();
  }
  return with_columns(container.array(wanted.name), wanted.columns);
}

}  // namespace losscalc::io
