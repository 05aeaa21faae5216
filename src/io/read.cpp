#include "io/read.h"

#include <string_view>
#include <utility>

#include "diagnostics/error.h"
#include "io/bytes.h"
#include "io/compressed/compression.h"
#include "io/format.h"
#include "io/unsupported.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// A name that says NPY over bytes that say something else is a mistake worth a word.
void check_content(const Format& format, const Format& content, const Bytes& bytes) {
  if (&format == &content || (!format.is_binary() && !content.is_binary())) return;
  const std::string looks(content.name);
  throw Error(ErrorCode::unknown_format,
              "expected " + std::string(format.name) + ", and the content looks like " + looks,
              Place{.file = bytes.file}, "add --input-format " + looks + " if it is");
}

/// Text formats hold no NUL: what does is another format, or UTF-16.
void check_text(const Bytes& bytes) {
  constexpr std::size_t looked_at = 4096;
  if (bytes.text().substr(0, looked_at).find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::unknown_format, "expected text, found binary data or UTF-16",
                Place{.file = bytes.file}, "convert it to UTF-8 text, NPY or NPZ");
  }
}

struct Opened {
  Bytes bytes;
  std::string fragment;
  const Format* format;
};

Opened opened(const std::string& reference, const ReadOptions& options) {
  const Reference parts = split_reference(reference);
  Bytes bytes = decompressed(load(parts.file));
  if (bytes.data.empty())
    throw Error(ErrorCode::no_data, "the file is empty", Place{.file = parts.file});
  const Format& content = format_of_content(bytes.text());
  const Format* const named = options.format ? options.format : format_of_file(parts.file);
  if (!options.format && !content.is_binary()) {
    refuse_unsupported_content(bytes);
    if (named == nullptr && content.looks_like == nullptr) refuse_unsupported_ending(bytes);
  }
  const Format* format = named ? named : &content;
  check_content(*format, content, bytes);
  if (!format->is_binary()) check_text(bytes);
  if (!options.format && format->or_else == content.name) format = &content;
  return {std::move(bytes), parts.fragment, format};
}

[[noreturn]] void throw_nameless(const Bytes& bytes) {
  throw Error(ErrorCode::missing_array, "the file holds one array without a name",
              Place{.file = bytes.file}, "give it by -p " + bytes.file + " or -t " + bytes.file);
}

}  // namespace

Array read_array(const std::string& reference, const ReadOptions& options) {
  const auto [bytes, fragment, format] = opened(reference, options);
  return format->read(bytes, fragment, options);
}

FileFacts file_facts(const std::string& reference, const ReadOptions& options) {
  const auto [bytes, fragment, format] = opened(reference, options);
  const std::string file = split_reference(reference).file;
  const Compression* const compression = compression_of(load(file).text());
  return {.file = file,
          .fragment = fragment,
          .format = format,
          .compression = compression == nullptr ? "" : std::string(compression->name),
          .bytes = bytes.data.size()};
}

std::unique_ptr<Container> open_container(const std::string& reference,
                                          const ReadOptions& options) {
  const auto [bytes, fragment, format] = opened(reference, options);
  if (!fragment.empty() && !format->container_takes_fragment) {
    throw Error(
        ErrorCode::bad_fragment,
        "a file of named inputs takes no fragment here, found " + text::quoted("#" + fragment),
        Place{.file = bytes.file}, "give single arrays by -p, -t and -i NAME=FILE#FRAGMENT");
  }
  std::unique_ptr<Container> container;
  if (format->open != nullptr) container = format->open(bytes, fragment, options);
  if (container == nullptr) throw_nameless(bytes);
  return container;
}

}  // namespace losscalc::io
