#include "io/format.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>

#include "io/compressed/compression.h"
#include "io/csv/csv.h"
#include "io/json/json.h"
#include "io/numpy/npy.h"
#include "io/numpy/npz.h"
#include "io/png/png.h"
#include "io/safetensors/safetensors.h"
#include "io/torch/torch.h"
#include "text/names.h"

namespace losscalc::io {
namespace {

/// Whether it begins as a JSON object or array.
bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

/// Whether each of the first two lines is such a value by itself: then these are JSON Lines.
bool looks_like_json_lines(std::string_view text) {
  if (!looks_like_json(text)) return false;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t end = text.find('\n', first);
  if (end == std::string_view::npos) return false;
  const std::string_view line = text.substr(first, end - first);
  const std::size_t last = line.find_last_not_of(" \t\r");
  const bool closed =
      (line.front() == '{' && line[last] == '}') || (line.front() == '[' && line[last] == ']');
  const std::size_t next = text.find_first_not_of(" \t\r\n", end);
  return closed && next != std::string_view::npos && text[next] == line.front();
}

template <char delimiter>
Array read_table(const Bytes& bytes, std::string_view fragment, const ReadOptions& options) {
  return read_csv(bytes, fragment, options,
                  delimiter == '\0' ? std::nullopt : std::optional(delimiter));
}

template <char delimiter>
std::unique_ptr<Container> open_table(const Bytes& bytes, std::string_view /*fragment*/,
                                      const ReadOptions& options) {
  return open_csv(bytes, options, delimiter == '\0' ? std::nullopt : std::optional(delimiter));
}

constexpr char sniffed = '\0';

template <bool lines>
Array read_document(const Bytes& bytes, std::string_view fragment, const ReadOptions& options) {
  return read_json(bytes, fragment, lines, {}, options.id);
}

template <bool lines>
std::unique_ptr<Container> open_document(const Bytes& bytes, std::string_view fragment,
                                         const ReadOptions& options) {
  return open_json(bytes, fragment, lines, {}, options.id);
}

Array read_image(const Bytes& bytes, std::string_view fragment, const ReadOptions& /*options*/) {
  return read_png(bytes, fragment);
}

Array read_single(const Bytes& bytes, std::string_view fragment, const ReadOptions& /*options*/) {
  return read_npy(bytes, "", fragment);
}

std::unique_ptr<Container> open_single(const Bytes& bytes, std::string_view /*fragment*/,
                                       const ReadOptions& options) {
  return open_npy(bytes, options.id);
}

template <Array (*read)(const Bytes&, std::string_view, std::string_view)>
Array read_stored(const Bytes& bytes, std::string_view fragment, const ReadOptions& options) {
  return read(bytes, fragment, options.id);
}

template <std::unique_ptr<Container> (*open)(const Bytes&, std::string_view)>
std::unique_ptr<Container> open_stored(const Bytes& bytes, std::string_view /*fragment*/,
                                       const ReadOptions& options) {
  return open(bytes, options.id);
}

}  // namespace

const std::vector<Format>& formats() {
  static const std::vector<Format> table{
      {.name = "csv",
       .endings = {".csv"},
       .takes_columns = true,
       .read = read_table<sniffed>,
       .open = open_table<sniffed>},
      {.name = "tsv",
       .endings = {".tsv", ".tab"},
       .takes_columns = true,
       .read = read_table<'\t'>,
       .open = open_table<'\t'>},
      {.name = "json",
       .endings = {".json"},
       .looks_like =
           [](std::string_view t) { return looks_like_json(t) && !looks_like_json_lines(t); },
       .or_else = "jsonl",
       .container_takes_fragment = true,
       .read = read_document<false>,
       .open = open_document<false>},
      {.name = "jsonl",
       .endings = {".jsonl", ".ndjson"},
       .looks_like = looks_like_json_lines,
       .read = read_document<true>,
       .open = open_document<true>},
      {.name = "npy",
       .endings = {".npy"},
       .magic = {"\x93NUMPY"},
       .takes_columns = true,
       .read = read_single,
       .open = open_single},
      {.name = "safetensors",
       .endings = {".safetensors"},
       .looks_like = looks_like_safetensors,
       .is_told_by_looks = true,
       .takes_columns = true,
       .is_archive = true,
       .read = read_stored<read_safetensors>,
       .open = open_stored<open_safetensors>},
      {.name = "torch",
       .endings = {".pt", ".pth", ".bin", ".ckpt"},
       .looks_like = looks_like_torch,
       .is_told_by_looks = true,
       .takes_columns = true,
       .read = read_stored<read_torch>,
       .open = open_stored<open_torch>},
      {.name = "npz",
       .endings = {".npz"},
       .magic = {"PK\x03\x04", "PK\x05\x06"},
       .takes_columns = true,
       .is_archive = true,
       .read = read_stored<read_npz>,
       .open = open_stored<open_npz>},
      {.name = "png", .endings = {".png"}, .magic = {"\x89PNG\r\n\x1a\n"}, .read = read_image},
  };
  return table;
}

std::vector<std::string> format_names() { return text::names_of(formats()); }

const Format* format_named(std::string_view name) {
  const auto found = std::ranges::find(formats(), name, &Format::name);
  return found == formats().end() ? nullptr : &*found;
}

const Format* format_of_file(const std::string& file) {
  std::string ending = std::filesystem::path(without_compression(file)).extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = std::ranges::find_if(formats(), [&](const Format& format) {
    return std::ranges::find(format.endings, ending) != format.endings.end();
  });
  return found == formats().end() ? nullptr : &*found;
}

const Format& format_of_content(std::string_view content) {
  const std::string_view text = without_byte_order_mark(content);
  const auto looks_so = [text](const Format& format) {
    return std::ranges::any_of(
               format.magic, [text](std::string_view magic) { return text.starts_with(magic); }) ||
           (format.looks_like != nullptr && format.looks_like(text));
  };
  // Binary data may begin as a text does.
  for (const bool is_binary : {true, false}) {
    const auto found = std::ranges::find_if(formats(), [&](const Format& format) {
      return format.is_binary() == is_binary && looks_so(format);
    });
    if (found != formats().end()) return *found;
  }
  return *format_named("csv");
}

}  // namespace losscalc::io
