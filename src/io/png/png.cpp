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

/// What a fragment asks for.
struct Selection {
  bool as_index = false;                    ///< `index`: the indices into the palette
  bool as_grey = false;                     ///< `grey`: the grey values of the palette
  std::optional<std::uint16_t> value = {};  ///< `value=255`: 1 where it is, 0 elsewhere
};

[[noreturn]] void throw_bad_fragment(std::string_view fragment, const std::string& file) {
  throw Error(ErrorCode::bad_fragment,
              "a PNG image takes the fragments value=N with a number N of its pixels, and index "
              "or grey for a palette, found " +
                  text::quoted("#" + std::string(fragment)),
              Place{.file = file}, "for 1 where a pixel is 255 and 0 elsewhere: #value=255");
}

Selection parse_selection(std::string_view fragment, const std::string& file) {
  constexpr std::string_view key = "value=";
  constexpr std::int64_t largest = 65535;
  Selection selection;
  for (std::string_view rest = fragment; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    const auto value =
        part.starts_with(key) ? text::parse_integer(part.substr(key.size())) : std::nullopt;
    if (part == "index") {
      selection.as_index = true;
    } else if (part == "grey") {
      selection.as_grey = true;
    } else if (value && *value >= 0 && *value <= largest) {
      selection.value = static_cast<std::uint16_t>(*value);
    } else {
      throw_bad_fragment(fragment, file);
    }
  }
  if (selection.as_index && selection.as_grey) throw_bad_fragment(fragment, file);
  return selection;
}

bool is_grey(const PngColor& color) {
  return color.red == color.green && color.green == color.blue;
}

/// The colours of a palette and which of its numbers pixels are.
class Palette {
 public:
  Palette(std::vector<PngColor> colors, const Selection& selection, const std::string& file)
      : colors_(std::move(colors)), as_grey_(selection.as_grey) {
    const bool all_grey = std::ranges::all_of(colors_, is_grey);
    if (as_grey_ && !all_grey) {
      throw Error(ErrorCode::bad_fragment, "the palette has colours, and not only grey ones",
                  Place{.file = file}, "for the indices into the palette: #index");
    }
    if (selection.as_index || as_grey_ || !all_grey || has_own_order()) return;
    throw Error(ErrorCode::unsupported_type,
                "the palette has grey colours in an order of its own (" + listed() +
                    "): classes may be indices or grey values",
                Place{.file = file},
                "add #index to the name for the indices, as PIL has them, or #grey for the grey "
                "values, as OpenCV has them");
  }

  std::string note() const {
    if (as_grey_) return "pixels are the grey values of the palette";
    return "pixels are indices into the palette: " + listed();
  }

  /// The number for each index; none where these are the numbers.
  std::vector<std::uint16_t> numbers() const {
    std::vector<std::uint16_t> greys;
    if (as_grey_) {
      for (const PngColor& color : colors_) greys.push_back(color.red);
    }
    return greys;
  }

 private:
  /// Whether no index could be taken for another's grey value: as each is its own, or as there are
  /// black and white only.
  bool has_own_order() const {
    if (colors_.size() == 2 && colors_[0].red == 0 && colors_[1].red == 255) return true;
    for (std::size_t k = 0; k < colors_.size(); ++k) {
      if (colors_[k].red != k) return false;
    }
    return true;
  }

  /// `0 #000000, 1 #ff8000, ...`.
  std::string listed() const {
    constexpr std::size_t most = 4;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t k = 0; k < std::min(colors_.size(), most); ++k) {
      text += (k == 0 ? "" : ", ") + std::to_string(k) + " #";
      for (const unsigned part : {colors_[k].red, colors_[k].green, colors_[k].blue}) {
        text += digits[part >> 4U];
        text += digits[part & 15U];
      }
    }
    return text + (colors_.size() > most ? ", ..." : "");
  }

  std::vector<PngColor> colors_;
  bool as_grey_;
};

/// The pixels of one image, decoded when they are asked for.
class PngPixels final : public ElementSource {
 public:
  /// `greys` are the numbers for indices into a palette, or none.
  PngPixels(Bytes bytes, std::vector<std::uint16_t> greys, std::optional<std::uint16_t> wanted)
      : bytes_(std::move(bytes)), greys_(std::move(greys)), wanted_(wanted) {}

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
    Pixels pixels = decode_png(bytes_);
    if (!greys_.empty()) {
      for (std::uint16_t& pixel : pixels) pixel = grey_of(pixel);
    }
    auto image = std::make_shared<const Pixels>(std::move(pixels));
    held_ = image;
    recent.add(image);
    return image;
  }

  std::uint16_t grey_of(std::uint16_t index) const {
    if (index < greys_.size()) return greys_[index];
    throw Error(ErrorCode::malformed_png,
                "a pixel has the index " + std::to_string(index) + ", and the palette has " +
                    text::counted(greys_.size(), "colour"),
                Place{.file = bytes_.file});
  }

  Bytes bytes_;
  std::vector<std::uint16_t> greys_;
  std::optional<std::uint16_t> wanted_;
  mutable std::mutex mutex_;
  mutable std::weak_ptr<const Pixels> held_;
};

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

/// Masks of one class often have their largest number for it, which is no index of a class.
std::string hint_on_levels(const PngHeader& header) {
  if (header.bits == 1) return "";
  const std::string largest = std::to_string((1U << header.bits) - 1U);
  return "if the mask is of one class, which is " + largest + ", add #value=" + largest +
         " to the image's name: 1 where a pixel is " + largest + ", 0 elsewhere";
}

/// Deflate makes at most 1032 bytes of one (RFC 1951): a header that promises more is wrong.
void check_can_hold_pixels(const PngHeader& header, const Bytes& bytes) {
  constexpr double largest_ratio = 1032.0;
  const double pixels = static_cast<double>(header.width) * static_cast<double>(header.height);
  const double packed = pixels * static_cast<double>(header.bits) / 8.0;
  if (packed <= largest_ratio * static_cast<double>(bytes.data.size())) return;
  throw Error(ErrorCode::malformed_png,
              "the file is too short for an image of " + std::to_string(header.width) + " x " +
                  std::to_string(header.height) + " pixels",
              Place{.file = bytes.file});
}

}  // namespace

Array read_png(const Bytes& bytes, std::string_view fragment) {
  const Selection selection = parse_selection(fragment, bytes.file);
  const PngHeader header = read_png_header(bytes);
  check_has_one_channel(header, bytes.file);
  check_can_hold_pixels(header, bytes);
  Reading reading;
  std::vector<std::uint16_t> greys;
  if (header.colors == PngColors::palette) {
    const Palette palette(read_palette(bytes), selection, bytes.file);
    greys = palette.numbers();
    reading.notes.push_back(palette.note());
  } else {
    if (selection.as_index) {
      throw Error(ErrorCode::bad_fragment, "the image has grey values and no palette",
                  Place{.file = bytes.file}, "leave #index out");
    }
    reading.notes.push_back("pixels are the grey values of " + text::counted(header.bits, "bit") +
                            " as they are stored");
    reading.class_hint = hint_on_levels(header);
  }
  if (selection.value) {
    const std::string value = std::to_string(*selection.value);
    reading.notes = {"pixels are 1 where the image has " + value + ", and 0 elsewhere"};
    reading.class_hint.clear();
  }
  const Place place{.file = bytes.file};
  Array array(header.bits > 8 ? ElementType::uint16 : ElementType::uint8,
              {1, header.height, header.width},
              std::make_shared<PngPixels>(bytes, std::move(greys), selection.value),
              [place](std::span<const std::size_t> index) {
                Place pixel = place;
                pixel.index.assign(index.begin(), index.end());
                return pixel;
              });
  array.set_reading(std::move(reading));
  return array;
}

}  // namespace losscalc::io
