#include "io/read.h"

#include <string_view>
#include <utility>

#include "diagnostics/error.h"
#include "io/bytes.h"
#include "io/column_names.h"
#include "io/compressed/compression.h"
#include "io/format.h"
#include "io/members.h"
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

/// Arrays of an archive that name the samples of another one in it: by --id, or by what they are
/// called.
void add_keys_beside(Array& array, const Bytes& bytes, const Format& format,
                     const ReadOptions& options) {
  if (array.keys() != nullptr) return;
  std::unique_ptr<Container> container;
  try {
    container = format.open(bytes, "", options);
  } catch (const Error&) {
    if (!options.id.empty()) throw;
  }
  if (container == nullptr) return;  // the file holds a single array without a name
  if (!options.id.empty()) {
    array.set_keys(as_keys(container->array(options.id)));
    return;
  }
  Reading reading = array.reading();
  for (const std::string& name : container->names()) {
    if (!names_key(name)) continue;
    try {
      const Array keys = container->array(name);
      if (keys.rank() != 1 || keys.size() != array.shape()[0]) continue;
      reading.key_columns.push_back({.name = name,
                                     .why = "its name is that of a key",
                                     .is_guess = true,
                                     .certain = true,
                                     .words = std::make_shared<const Array>(as_keys(keys))});
    } catch (const Error&) {
      continue;  // what is no list of integers or words is no list of keys
    }
  }
  array.set_reading(std::move(reading));
}

[[noreturn]] void throw_nameless(const Bytes& bytes) {
  throw Error(ErrorCode::missing_array, "the file holds one array without a name",
              Place{.file = bytes.file}, "give it by -p " + bytes.file + " or -t " + bytes.file);
}

}  // namespace

Array read_array(const std::string& reference, const ReadOptions& options) {
  const auto [bytes, fragment, format] = opened(reference, options);
  Array array = format->read(bytes, fragment, options);
  const bool has_names = format->is_binary() && format->open != nullptr;
  if (has_names && array.rank() > 0) add_keys_beside(array, bytes, *format, options);
  return array;
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
