#include "io/conversion.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

#include "io/compressed/compression.h"

namespace losscalc::io {
namespace {

/// Whether a shell and Python take the name as it is between quotes.
bool is_plain(const std::string& name) {
  return std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c >= 0x80 ||
           std::string_view("/._-+=,:@% ").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string with_names(std::string_view line, const std::string& file, const std::string& member) {
  const std::string ending = std::filesystem::path(file).extension().string();
  const std::array<std::pair<std::string_view, std::string>, 4> names{
      {{"{file}", file},
       {"{stem}", file.substr(0, file.size() - ending.size())},
       {"{member}", member},
       {"{array}", "numpy.load('" + file + "')" + member}}};
  std::string text(line);
  for (const auto& [name, value] : names) {
    for (std::size_t at = text.find(name); at != std::string::npos;
         at = text.find(name, at + value.size()))
      text.replace(at, name.size(), value);
  }
  return text;
}

}  // namespace

std::string conversion(std::string_view line, const Place& place, Takes takes) {
  const bool has_name = place.file != "-" && is_plain(place.file);
  std::string file = has_name ? place.file : "FILE";
  const std::string member =
      place.path.empty() ? "" : "['" + (is_plain(place.path) ? place.path : "NAME") + "']";
  std::string command;
  const Compression* const compression = compression_of_file(file);
  if (compression != nullptr && takes == Takes::unpacked) {
    command = std::string(compression->unpacked_by) + " '" + file + "' && ";
    file = without_compression(file);
  }
  const std::string text = with_names(line, file, member);
  return command + (line.starts_with("import ") ? "python3 -c \"" + text + "\"" : text);
}

}  // namespace losscalc::io
