/// The table of input formats. A format is its row: to add one is to write its reader and add the
/// row.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/array.h"
#include "io/bytes.h"
#include "io/container.h"

namespace losscalc::io {

struct Format {
  std::string_view name;  ///< as --input-format takes it
  std::vector<std::string_view> endings;
  /// What its files begin with, if they are binary; text formats have none.
  std::vector<std::string_view> magic = {};
  /// Whether a content is of this format; none where the content does not tell.
  bool (*looks_like)(std::string_view text) = nullptr;
  /// A format that files with these endings may hold as well.
  std::string_view or_else = {};
  bool is_told_by_looks = false;          ///< whether it is binary and begins with no magic bytes
  bool takes_columns = false;             ///< whether fragments `col=...` select columns
  bool is_archive = false;                ///< whether every array has a name
  bool container_takes_fragment = false;  ///< whether a fragment leads to a container within

  /// The array at `fragment`, or the only one.
  Array (*read)(const Bytes& bytes, std::string_view fragment, const ReadOptions& options);
  /// Its arrays by name; none, and nothing, where a file holds a single one without a name.
  std::unique_ptr<Container> (*open)(const Bytes& bytes, std::string_view fragment,
                                     const ReadOptions& options) = nullptr;

  bool is_binary() const { return !magic.empty() || is_told_by_looks; }
};

const std::vector<Format>& formats();
std::vector<std::string> format_names();

/// The format of this name, or nothing.
const Format* format_named(std::string_view name);

/// The format that the ending of a file's name tells, in any case of letters and with or without
/// that of a compression behind it, or nothing.
const Format* format_of_file(const std::string& file);

/// The format that the content looks like: text that looks like no other is CSV.
const Format& format_of_content(std::string_view content);

}  // namespace losscalc::io
