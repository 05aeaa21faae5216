#include "io/png/png.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "diagnostics/error.h"
#include "io/conversion.h"
#include "io/png/decode.h"
#include "text/nearest.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

using Pixels = std::vector<std::uint16_t>;

/// The images that were decoded last, so that neighbouring reads find them: a data set may have
/// more than memory holds.
class RecentImages {
 public:
  void add(const std::shared_ptr<const Pixels>& image) {
    const std::lock_guard lock(mutex_);
    size_ += image->size();
    images_.push_back(image);
    while (size_ > most_pixels && images_.size() > 1) {
      size_ -= images_.front()->size();
      images_.pop_front();
    }
  }

 private:
  static constexpr std::size_t most_pixels = std::size_t{1} << 24U;

  std::mutex mutex_;
  std::deque<std::shared_ptr<const Pixels>> images_;
  std::size_t size_ = 0;
};

/// The pixels of one image, decoded when they are asked for.
class PngPixels final : public ElementSource {
 public:
  PngPixels(Bytes bytes, std::optional<std::uint16_t> wanted)
      : bytes_(std::move(bytes)), wanted_(wanted) {}

  void read(std::size_t first, std::span<double> out) const override {
    const std::shared_ptr<const Pixels> image = decoded();
    const auto pixels = std::span(*image).subspan(first, out.size());
    std::ranges::transform(pixels, out.begin(), [this](std::uint16_t pixel) {
      return wanted_ ? (pixel == *wanted_ ? 1.0 : 0.0) : static_cast<double>(pixel);
    });
  }
  void read_words(std::size_t /*first*/, std::span<std::string> /*out*/) const override {}

 private:
  std::shared_ptr<const Pixels> decoded() const {
    static RecentImages recent;
    const std::lock_guard lock(mutex_);
    if (auto held = held_.lock()) return held;
    auto image = std::make_shared<const Pixels>(decode_png(bytes_));
    held_ = image;
    recent.add(image);
    return image;
  }

  Bytes bytes_;
  std::optional<std::uint16_t> wanted_;
  mutable std::mutex mutex_;
  mutable std::weak_ptr<const Pixels> held_;
};

/// The number that `value=255` selects, or nothing without a fragment.
std::optional<std::uint16_t> selected_value(std::string_view fragment, const std::string& file) {
  constexpr std::string_view key = "value=";
  constexpr std::int64_t largest = 65535;
  if (fragment.empty()) return std::nullopt;
  const auto value =
      fragment.starts_with(key) ? text::parse_integer(fragment.substr(key.size())) : std::nullopt;
  if (!value || *value < 0 || *value > largest) {
    throw Error(ErrorCode::bad_fragment,
                "a PNG image takes the fragment value=N with a number N of its pixels, found " +
                    text::quoted("#" + std::string(fragment)),
                Place{.file = file}, "for 1 where a pixel is 255 and 0 elsewhere: #value=255");
  }
  return static_cast<std::uint16_t>(*value);
}

void check_has_one_channel(const PngHeader& header, const std::string& file) {
  if (header.colors != PngColors::rgb && header.colors != PngColors::rgb_alpha) return;
  throw Error(
      ErrorCode::unsupported_type,
      "a colour image holds no class numbers; expected grey or palette colours",
      Place{.file = file},
      "list the colours of the classes: " +
          conversion("import numpy; from PIL import Image; c = {(0, 0, 0): 0, (255, 255, 255): 1}; "
                     "numpy.save('{stem}.npy', [[[c[tuple(p)] for p in r] for r in "
                     "numpy.array(Image.open('{file}').convert('RGB')).tolist()]])",
                     Place{.file = file}));
}

std::string note_on_pixels(const Bytes& bytes, const PngHeader& header,
                           std::optional<std::uint16_t> wanted) {
  if (wanted) {
    return "pixels are 1 where the image has " + std::to_string(*wanted) + ", and 0 elsewhere";
  }
  const std::string bits = std::to_string(header.bits) + " bits";
  if (header.colors != PngColors::palette)
    return "pixels are the grey values of " + bits + " as they are stored";
  constexpr std::size_t most_colors = 4;
  std::vector<std::string> colors = palette_colors(bytes, most_colors + 1);
  const bool has_more = colors.size() > most_colors;
  colors.resize(std::min(colors.size(), most_colors));
  for (std::size_t k = 0; k < colors.size(); ++k) colors[k] = std::to_string(k) + " " + colors[k];
  return "pixels are indices into the palette: " + text::joined(colors) + (has_more ? ", ..." : "");
}

/// Masks of one class often have their largest number for it, which is no index of a class.
std::string hint_on_levels(const PngHeader& header) {
  if (header.bits == 1) return "";
  const std::string largest = std::to_string((1U << header.bits) - 1U);
  return "if the mask is of one class, which is " + largest + ", add #value=" + largest +
         " to the image's name: 1 where a pixel is " + largest + ", 0 elsewhere";
}

}  // namespace

Array read_png(const Bytes& bytes, std::string_view fragment) {
  const std::optional<std::uint16_t> wanted = selected_value(fragment, bytes.file);
  const PngHeader header = read_png_header(bytes);
  check_has_one_channel(header, bytes.file);
  const Place place{.file = bytes.file};
  Array array(header.bits > 8 ? ElementType::uint16 : ElementType::uint8,
              {1, header.height, header.width}, std::make_shared<PngPixels>(bytes, wanted),
              [place](std::span<const std::size_t> index) {
                Place pixel = place;
                pixel.index.assign(index.begin(), index.end());
                return pixel;
              });
  Reading reading;
  reading.notes.push_back(note_on_pixels(bytes, header, wanted));
  if (!wanted && header.colors != PngColors::palette) reading.class_hint = hint_on_levels(header);
  array.set_reading(std::move(reading));
  return array;
}

}  // namespace losscalc::io
