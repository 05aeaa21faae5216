#include "io/unsupported.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>

#include "diagnostics/error.h"
#include "io/compressed/compression.h"
#include "io/conversion.h"
#include "io/unsupported_table.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// A text may be one line, and a file far larger than its beginning.
constexpr std::size_t bytes_looked_at = std::size_t{1} << 16U;

bool is_of(const UnsupportedFormat& format, std::string_view content) {
  const auto has = [content](const Signature& signature) {
    return content.size() >= signature.offset &&
           content.substr(signature.offset).starts_with(signature.bytes);
  };
  return std::ranges::any_of(format.signatures, has) ||
         (format.looks_like != nullptr && format.looks_like(content));
}

[[noreturn]] void refuse(const UnsupportedFormat& format, const std::string& source,
                         const std::string& file) {
  const Place place{.file = file};
  std::string hint(format.advice);
  if (!format.conversion.empty()) hint += ": " + conversion(format.conversion, place, format.takes);
  throw Error(ErrorCode::unknown_format,
              source + " " + std::string(format.name) + ", which is not read", place, hint);
}

bool holds_zero(std::string_view text) { return text.find('\0') != std::string_view::npos; }

}  // namespace

void refuse_unsupported_content(const Bytes& content) {
  const std::string_view text = without_byte_order_mark(content.text()).substr(0, bytes_looked_at);
  for (const UnsupportedFormat& format : unsupported_formats()) {
    if (is_of(format, text)) refuse(format, "the content is", content.file);
  }
}

void refuse_unsupported_ending(const Bytes& content) {
  std::string ending =
      std::filesystem::path(without_compression(content.file)).extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool is_text = !holds_zero(content.text().substr(0, bytes_looked_at));
  for (const UnsupportedFormat& format : unsupported_formats()) {
    // A text called so is none of a format that its first bytes would tell.
    const bool would_tell = !format.signatures.empty() || !format.member.empty();
    if (is_text && would_tell) continue;
    if (std::ranges::find(format.endings, ending) != format.endings.end())
      refuse(format, "the file's name says that it is", content.file);
  }
}

void refuse_unsupported_archive(const std::vector<std::string>& members, const std::string& file) {
  const auto holds = [&members](std::string_view name) {
    return std::ranges::find(members, name) != members.end();
  };
  for (const UnsupportedFormat& format : unsupported_formats()) {
    if (!format.member.empty() && holds(format.member)) refuse(format, "the content is", file);
  }
  const bool has_array = std::ranges::any_of(
      members, [](const std::string& member) { return member.ends_with(".npy"); });
  if (has_array || members.empty()) return;
  throw Error(ErrorCode::unknown_format,
              "the content is a ZIP archive of " + text::quoted(members.front()) +
                  (members.size() == 1 ? "" : " and others") + ", and none of NPY files",
              Place{.file = file},
              "unpack it: " + conversion("unzip '{file}'", Place{.file = file}));
}

}  // namespace losscalc::io
