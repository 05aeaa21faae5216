/// What a file is read as: one array, or arrays by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/array.h"

namespace losscalc::io {

struct Format;

struct ReadOptions {
  /// Decides instead of the file's name and first bytes; a row of formats().
  const Format* format = nullptr;
  /// Words that are data wherever they stand: a first CSV row that holds one of them is not a
  /// header.
  std::vector<std::string> class_names = {};
  /// The column of a table, the key of records or the array of an archive that names the samples;
  /// empty: none is asked for. It becomes the keys() of the arrays, and is no data of them.
  std::string id = {};
  /// Whether the first row of a table is a header; found out where it is not given.
  std::optional<bool> header = {};
  /// The decimal point of a table, or the comma that stands for it; found out where not given.
  std::optional<char> decimal = {};
};

/// A file that holds arrays by name: a JSON object, JSON records or lines of them, an NPZ archive,
/// a safetensors or torch.save file, or a CSV with a header (a column, or the columns NAME0 NAME1
/// ..., NAME_0 NAME_1 ... or NAME:label ..., are the array NAME).
class Container {
 public:
  virtual ~Container() = default;
  virtual std::vector<std::string> names() const = 0;
  /// Throws Error(missing_array), which lists the names there are, if there is none of this name.
  virtual Array array(std::string_view name) const = 0;
};

}  // namespace losscalc::io
