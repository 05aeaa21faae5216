/// The bytes of a file: memory-mapped where that is possible, else read to the end and spooled.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace losscalc::io {

class MappedFile;

struct Bytes {
  std::string file = {};  ///< as the user wrote it
  std::span<const std::byte> data = {};
  std::shared_ptr<const void> owner = {};
  std::shared_ptr<const MappedFile> mapped = {};  ///< none where `data` lies in no mapped file

  std::string_view text() const;
};

/// The text without a byte order mark (U+FEFF in UTF-8).
std::string_view without_byte_order_mark(std::string_view text);

/// Loads a file, or standard input for `-`. Pipes and devices are read to their end. Throws Error:
/// cannot_read, with the nearest name in the folder where the file does not exist; missing_argument
/// if standard input is a terminal.
Bytes load(const std::string& file);

/// FILE#FRAGMENT taken apart. A file whose whole name exists is taken as that file.
struct Reference {
  std::string file;
  std::string fragment;  ///< without '#'
};
Reference split_reference(const std::string& reference);

}  // namespace losscalc::io
