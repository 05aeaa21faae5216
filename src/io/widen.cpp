#include "io/widen.h"

#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace losscalc::io {
namespace {

/// A stored element: its bits, and what number they mean.
template <class Stored>
struct Plain {
  using Bits = Stored;
  static double number(Stored value) { return static_cast<double>(value); }
};

struct Boolean {
  using Bits = std::uint8_t;
  static double number(std::uint8_t value) { return value == 0 ? 0.0 : 1.0; }
};

/// IEEE 754 binary16. Moving exponent and significand to their places in a float leaves a value
/// that is 2^112 too small; the product is exact, and right for subnormals too.
struct Half {
  using Bits = std::uint16_t;
  static double number(std::uint16_t half) {
    const std::uint32_t magnitude = static_cast<std::uint32_t>(half & 0x7fffU) << 13U;
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
    const float scaled = std::bit_cast<float>(magnitude) * 0x1p112F;
    const std::uint32_t infinite_exponent = magnitude >= 0x0f800000U ? 0x7f800000U : 0U;
    return static_cast<double>(
        std::bit_cast<float>(std::bit_cast<std::uint32_t>(scaled) | infinite_exponent | sign));
  }
};

/// The upper half of a float's bits.
struct BrainFloat {
  using Bits = std::uint16_t;
  static double number(std::uint16_t upper) {
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(upper) << 16U));
  }
};

template <std::size_t Size>
using Unsigned = std::conditional_t<
    Size == 1, std::uint8_t,
    std::conditional_t<Size == 2, std::uint16_t,
                       std::conditional_t<Size == 4, std::uint32_t, std::uint64_t>>>;

template <class Bits>
Bits bytes_reversed(Bits value) {
  if constexpr (sizeof(Bits) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(Bits) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(Bits) == 8) return __builtin_bswap64(value);
  return value;
}

template <class Element, bool Swapped>
double load(const std::byte* data) {
  using Bits = typename Element::Bits;
  Unsigned<sizeof(Bits)> raw{};
  std::memcpy(&raw, data, sizeof raw);
  if constexpr (Swapped) raw = bytes_reversed(raw);
  return Element::number(std::bit_cast<Bits>(raw));
}

template <class Element, bool Swapped>
void widen(const std::byte* data, std::ptrdiff_t stride, std::size_t count, double* out) {
  constexpr auto size = static_cast<std::ptrdiff_t>(sizeof(typename Element::Bits));
  constexpr bool already_double = std::is_same_v<Element, Plain<double>> && !Swapped;
  const auto length = static_cast<std::ptrdiff_t>(count);
  if (stride != size) {
    for (std::ptrdiff_t i = 0; i < length; ++i) out[i] = load<Element, Swapped>(data + i * stride);
  } else if constexpr (already_double) {
    std::memcpy(out, data, count * sizeof(double));
  } else {
    for (std::ptrdiff_t i = 0; i < length; ++i) out[i] = load<Element, Swapped>(data + i * size);
  }
}

template <class Element>
Widen loop_for(bool swapped) {
  return swapped ? widen<Element, true> : widen<Element, false>;
}

}  // namespace

Widen widen_loop(ElementType type, bool swapped) {
  switch (type) {
    case ElementType::boolean: return loop_for<Boolean>(swapped);
    case ElementType::int8: return loop_for<Plain<std::int8_t>>(swapped);
    case ElementType::int16: return loop_for<Plain<std::int16_t>>(swapped);
    case ElementType::int32: return loop_for<Plain<std::int32_t>>(swapped);
    case ElementType::int64: return loop_for<Plain<std::int64_t>>(swapped);
    case ElementType::uint8: return loop_for<Plain<std::uint8_t>>(swapped);
    case ElementType::uint16: return loop_for<Plain<std::uint16_t>>(swapped);
    case ElementType::uint32: return loop_for<Plain<std::uint32_t>>(swapped);
    case ElementType::uint64: return loop_for<Plain<std::uint64_t>>(swapped);
    case ElementType::float16: return loop_for<Half>(swapped);
    case ElementType::bfloat16: return loop_for<BrainFloat>(swapped);
    case ElementType::float32: return loop_for<Plain<float>>(swapped);
    case ElementType::float64: return loop_for<Plain<double>>(swapped);
    case ElementType::text: break;
  }
  assert(!"words have no numbers");
  return nullptr;
}

}  // namespace losscalc::io
