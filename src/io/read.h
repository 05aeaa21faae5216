/// FILE, FILE#FRAGMENT or '-' -> arrays. The one entry to all formats: CSV/TSV, JSON, JSON Lines,
/// NPY, NPZ.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/array.h"

namespace losscalc::io {

enum class Format : std::uint8_t { csv, tsv, json, jsonl, npy, npz };

/// The format of that name (as given to --input-format), if there is one.
std::optional<Format> format_named(std::string_view name);
std::vector<std::string_view> format_names();

struct ReadOptions {
  /// Decides instead of the file's name and first bytes.
  std::optional<Format> format;
  /// Words that are data wherever they stand: a first CSV row that holds one of them is not a
  /// header.
  std::vector<std::string> class_names;
};

/// A file that holds arrays by name: a JSON object, JSON records or lines of them, an NPZ archive,
/// or a CSV with a header (a column, or the columns NAME0 NAME1 ..., NAME_0 NAME_1 ... or
/// NAME:label ..., are the array NAME).
class Container {
 public:
  virtual ~Container() = default;
  virtual std::vector<std::string> names() const = 0;
  /// Throws Error(missing_array), which lists the names there are, if there is none of this name.
  virtual Array array(std::string_view name) const = 0;
};

/// Reads the one array that `reference` (FILE, FILE#FRAGMENT or -) holds. Throws Error:
/// cannot_read, bad_fragment, unknown_format, malformed_*, not_a_number, ragged, unsupported_type,
/// missing_array (several arrays and no fragment).
Array read_array(const std::string& reference, const ReadOptions& options);

/// Opens `reference` as a container. Throws Error as read_array does; a file with a single nameless
/// array is an Error(missing_array) whose hint says to use -p and -t.
std::unique_ptr<Container> open_container(const std::string& reference, const ReadOptions& options);

}  // namespace losscalc::io
