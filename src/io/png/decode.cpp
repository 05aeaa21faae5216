#include "io/png/decode.h"

#include <spng.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>

#include "diagnostics/error.h"
#include "io/conversion.h"

namespace losscalc::io {
namespace {

/// libspng's reader of one image.
class Decoder {
 public:
  explicit Decoder(const Bytes& bytes) : file_(bytes.file), context_(::spng_ctx_new(0)) {
    if (!context_) throw std::bad_alloc();
    check(::spng_set_png_buffer(context_.get(), bytes.data.data(), bytes.data.size()));
    spng_ihdr header{};
    check(::spng_get_ihdr(context_.get(), &header));
    // The header's sum is verified with the chunk behind it.
    spng_plte ignored{};
    const int status = ::spng_get_plte(context_.get(), &ignored);
    if (status != SPNG_ECHUNKAVAIL) check(status);
    header_ = {header.width, header.height, header.bit_depth, colors_of(header.color_type)};
  }

  const PngHeader& header() const { return header_; }

  std::vector<std::byte> pixels() {
    std::size_t size = 0;
    check(::spng_decoded_image_size(context_.get(), SPNG_FMT_PNG, &size));
    std::vector<std::byte> pixels(size);
    check(::spng_decode_image(context_.get(), pixels.data(), size, SPNG_FMT_PNG, 0));
    check(::spng_decode_chunks(context_.get()));
    return pixels;
  }

  spng_plte palette() {
    spng_plte palette{};
    check(::spng_get_plte(context_.get(), &palette));
    return palette;
  }

 private:
  static PngColors colors_of(std::uint8_t type) {
    switch (type) {
      case SPNG_COLOR_TYPE_GRAYSCALE: return PngColors::grey;
      case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA: return PngColors::grey_alpha;
      case SPNG_COLOR_TYPE_INDEXED: return PngColors::palette;
      case SPNG_COLOR_TYPE_TRUECOLOR: return PngColors::rgb;
      default: return PngColors::rgb_alpha;
    }
  }

  void check(int status) const {
    if (status == SPNG_OK) return;
    if (status == SPNG_EMEM) throw std::bad_alloc();
    throw Error(ErrorCode::malformed_png,
                std::string("not a well-formed PNG image: ") + ::spng_strerror(status),
                Place{.file = file_}, "write or download it again");
  }

  struct Free {
    void operator()(spng_ctx* context) const { ::spng_ctx_free(context); }
  };

  std::string file_;
  std::unique_ptr<spng_ctx, Free> context_;
  PngHeader header_{};
};

/// The numbers of fewer than 8 bits, of which a byte has several, the first one in the high bits; a
/// row begins a new byte.
std::vector<std::uint16_t> unpacked(std::span<const std::byte> packed, const PngHeader& header) {
  const std::size_t row_bytes = (header.width * header.bits + 7) / 8;
  const unsigned mask = (1U << header.bits) - 1U;
  std::vector<std::uint16_t> numbers(header.width * header.height);
  for (std::size_t y = 0; y < header.height; ++y) {
    for (std::size_t x = 0; x < header.width; ++x) {
      const std::size_t bit = x * header.bits;
      const auto byte = std::to_integer<unsigned>(packed[y * row_bytes + bit / 8]);
      numbers[y * header.width + x] =
          static_cast<std::uint16_t>((byte >> (8 - header.bits - bit % 8)) & mask);
    }
  }
  return numbers;
}

/// The numbers of 8 bits or of 16, in the machine's order.
std::vector<std::uint16_t> widened(std::span<const std::byte> bytes, std::size_t bits) {
  if (bits == 8) {
    std::vector<std::uint16_t> numbers(bytes.size());
    std::ranges::transform(bytes, numbers.begin(),
                           [](std::byte byte) { return std::to_integer<std::uint16_t>(byte); });
    return numbers;
  }
  std::vector<std::uint16_t> numbers(bytes.size() / 2);
  std::memcpy(numbers.data(), bytes.data(), numbers.size() * 2);
  return numbers;
}

/// The grey values of pixels that all are opaque.
std::vector<std::uint16_t> without_alpha(std::span<const std::uint16_t> pairs,
                                         const PngHeader& header, const std::string& file) {
  const unsigned opaque = (1U << header.bits) - 1U;
  std::vector<std::uint16_t> numbers(pairs.size() / 2);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (pairs[2 * i + 1] != opaque) {
      const Place place{.file = file, .index = {0, i / header.width, i % header.width}};
      throw Error(ErrorCode::unsupported_type,
                  "expected an opaque pixel, found alpha " + std::to_string(pairs[2 * i + 1]),
                  place,
                  "save the grey values or the alpha alone, here the former: " +
                      conversion("import PIL.Image; "
                                 "PIL.Image.open('{file}').getchannel(0).save('{stem}-grey.png')",
                                 Place{.file = file}));
    }
    numbers[i] = pairs[2 * i];
  }
  return numbers;
}

}  // namespace

PngHeader read_png_header(const Bytes& bytes) { return Decoder(bytes).header(); }

std::vector<PngColor> read_palette(const Bytes& bytes) {
  const spng_plte palette = Decoder(bytes).palette();
  std::vector<PngColor> colors;
  for (const spng_plte_entry& color : std::span(palette.entries).first(palette.n_entries))
    colors.push_back({color.red, color.green, color.blue});
  return colors;
}

std::vector<std::uint16_t> decode_png(const Bytes& bytes) {
  Decoder decoder(bytes);
  const PngHeader& header = decoder.header();
  const std::vector<std::byte> pixels = decoder.pixels();
  if (header.bits < 8) return unpacked(pixels, header);
  std::vector<std::uint16_t> numbers = widened(pixels, header.bits);
  if (header.colors != PngColors::grey_alpha) return numbers;
  return without_alpha(numbers, header, bytes.file);
}

}  // namespace losscalc::io
