#include <array>

#include "io/array.h"

namespace losscalc::io {
namespace {

struct TypeRow {
  std::string_view name;
  std::size_t size;
  bool integer;
};

/// In the order of ElementType.
constexpr std::array type_table{
    TypeRow{"bool", 1, true},     TypeRow{"int8", 1, true},      TypeRow{"int16", 2, true},
    TypeRow{"int32", 4, true},    TypeRow{"int64", 8, true},     TypeRow{"uint8", 1, true},
    TypeRow{"uint16", 2, true},   TypeRow{"uint32", 4, true},    TypeRow{"uint64", 8, true},
    TypeRow{"float16", 2, false}, TypeRow{"bfloat16", 2, false}, TypeRow{"float32", 4, false},
    TypeRow{"float64", 8, false}, TypeRow{"text", 0, false},
};

const TypeRow& row_of(ElementType type) { return type_table[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view name(ElementType type) { return row_of(type).name; }

bool is_integer(ElementType type) { return row_of(type).integer; }

double machine_epsilon(ElementType type) {
  switch (type) {
    case ElementType::bfloat16: return 0x1p-7;
    case ElementType::float16: return 0x1p-10;
    case ElementType::float32: return 0x1p-23;
    default: return 0x1p-52;
  }
}

std::size_t byte_size(ElementType type) { return row_of(type).size; }

}  // namespace losscalc::io
