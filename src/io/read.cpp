#include "io/read.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <functional>
#include <utility>

#include "diagnostics/error.h"
#include "io/bytes.h"
#include "io/csv/csv.h"
#include "io/json/json.h"
#include "io/numpy/npy.h"
#include "io/numpy/npz.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

struct FormatRow {
  std::string_view name;
  Format format;
  std::vector<std::string_view> endings;
};

const std::vector<FormatRow>& format_table() {
  static const std::vector<FormatRow> table{
      {"csv", Format::csv, {".csv"}},    {"tsv", Format::tsv, {".tsv", ".tab"}},
      {"json", Format::json, {".json"}}, {"jsonl", Format::jsonl, {".jsonl", ".ndjson"}},
      {"npy", Format::npy, {".npy"}},    {"npz", Format::npz, {".npz"}},
  };
  return table;
}

std::optional<Format> format_of_name(const std::string& file) {
  std::string ending = std::filesystem::path(file).extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const FormatRow& row : format_table()) {
    if (std::ranges::find(row.endings, ending) != row.endings.end()) return row.format;
  }
  return std::nullopt;
}

/// Whether each of the first two lines is a JSON value by itself: then these are JSON Lines.
bool looks_like_json_lines(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t end = text.find('\n', first);
  if (first == std::string_view::npos || end == std::string_view::npos) return false;
  const std::string_view line = text.substr(first, end - first);
  const std::size_t last = line.find_last_not_of(" \t\r");
  const bool closed =
      (line.front() == '{' && line[last] == '}') || (line.front() == '[' && line[last] == ']');
  const std::size_t next = text.find_first_not_of(" \t\r\n", end);
  return closed && next != std::string_view::npos && text[next] == line.front();
}

Format sniffed(std::string_view text) {
  text = without_byte_order_mark(text);
  if (text.starts_with("\x93NUMPY")) return Format::npy;
  if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06")) return Format::npz;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool bracket =
      first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  if (!bracket) return Format::csv;
  return looks_like_json_lines(text) ? Format::jsonl : Format::json;
}

std::string_view name_of(Format format) {
  return std::ranges::find(format_table(), format, &FormatRow::format)->name;
}

bool is_binary(Format format) { return format == Format::npy || format == Format::npz; }

/// A name that says NPY over bytes that say something else is a mistake worth a word.
void check_content(Format format, Format content, const Bytes& bytes) {
  if (format == content || (!is_binary(format) && !is_binary(content))) return;
  throw Error(ErrorCode::unknown_format,
              "expected " + std::string(name_of(format)) + ", and the content looks like " +
                  std::string(name_of(content)),
              Place{.file = bytes.file},
              "add --input-format " + std::string(name_of(content)) + " if it is");
}

/// Text formats hold no NUL: what does is another format, or UTF-16.
void check_text(const Bytes& bytes) {
  constexpr std::size_t looked_at = 4096;
  const std::string_view text = bytes.text();
  const Place place{.file = bytes.file};
  if (text.starts_with("\x1f\x8b")) {
    throw Error(ErrorCode::unknown_format, "the content is compressed by gzip", place,
                "unpack it: gunzip -c FILE | losscalc ... -");
  }
  if (text.substr(0, looked_at).find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::unknown_format, "expected text, found binary data or UTF-16", place,
                "convert it to UTF-8 text, NPY or NPZ");
  }
}

struct Opened {
  Bytes bytes;
  std::string fragment;
  Format format;
};

Opened opened(const std::string& reference, const ReadOptions& options) {
  const Reference parts = split_reference(reference);
  Bytes bytes = load(parts.file);
  if (bytes.data.empty())
    throw Error(ErrorCode::no_data, "the file is empty", Place{.file = parts.file});
  const Format content = sniffed(bytes.text());
  const std::optional<Format> named = options.format ? options.format : format_of_name(parts.file);
  Format format = named.value_or(content);
  check_content(format, content, bytes);
  if (!is_binary(format)) check_text(bytes);
  // A .json file may hold JSON Lines all the same.
  if (!options.format && format == Format::json && content == Format::jsonl) format = Format::jsonl;
  return {std::move(bytes), parts.fragment, format};
}

std::optional<char> delimiter_of(Format format) {
  return format == Format::tsv ? std::optional('\t') : std::nullopt;
}

[[noreturn]] void throw_nameless(const Bytes& bytes) {
  throw Error(ErrorCode::missing_array, "the file holds one array without a name",
              Place{.file = bytes.file}, "give it by -p " + bytes.file + " or -t " + bytes.file);
}

}  // namespace

std::optional<Format> format_named(std::string_view name) {
  for (const FormatRow& row : format_table()) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> names;
  for (const FormatRow& row : format_table()) names.push_back(row.name);
  return names;
}

Array read_array(const std::string& reference, const ReadOptions& options) {
  const auto [bytes, fragment, format] = opened(reference, options);
  switch (format) {
    case Format::csv:
    case Format::tsv: return read_csv(bytes, fragment, options, delimiter_of(format));
    case Format::json: return read_json(bytes, fragment, false);
    case Format::jsonl: return read_json(bytes, fragment, true);
    case Format::npy: return read_npy(bytes, "", fragment);
    case Format::npz: return read_npz(bytes, fragment);
  }
  throw Error(ErrorCode::unknown_format, "unknown format");
}

std::unique_ptr<Container> open_container(const std::string& reference,
                                          const ReadOptions& options) {
  const auto [bytes, fragment, format] = opened(reference, options);
  const bool takes_fragment = format == Format::json;
  if (!fragment.empty() && !takes_fragment) {
    throw Error(
        ErrorCode::bad_fragment,
        "a file of named inputs takes no fragment here, found " + text::quoted("#" + fragment),
        Place{.file = bytes.file}, "give single arrays by -p, -t and -i NAME=FILE#FRAGMENT");
  }
  switch (format) {
    case Format::csv:
    case Format::tsv: return open_csv(bytes, options, delimiter_of(format));
    case Format::json: return open_json(bytes, fragment, false);
    case Format::jsonl: return open_json(bytes, fragment, true);
    case Format::npz: return open_npz(bytes);
    case Format::npy: break;
  }
  throw_nameless(bytes);
}

}  // namespace losscalc::io
