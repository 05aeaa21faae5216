/// The pixels of a PNG image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "io/bytes.h"

namespace losscalc::io {

enum class PngColors : std::uint8_t { grey, grey_alpha, palette, rgb, rgb_alpha };

struct PngHeader {
  std::size_t width;
  std::size_t height;
  std::size_t bits;  ///< of a channel of a pixel
  PngColors colors;
};

/// Throws Error(malformed_png).
PngHeader read_png_header(const Bytes& bytes);

struct PngColor {
  std::uint8_t red;
  std::uint8_t green;
  std::uint8_t blue;
};

/// Throws Error(malformed_png).
std::vector<PngColor> read_palette(const Bytes& bytes);

/// The number of each pixel of an image of grey or palette colours, row by row. Throws Error:
/// malformed_png; unsupported_type for an alpha channel that is not opaque.
std::vector<std::uint16_t> decode_png(const Bytes& bytes);

}  // namespace losscalc::io
