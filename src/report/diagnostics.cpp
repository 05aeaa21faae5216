#include "report/diagnostics.h"

#include <array>
#include <cstdint>
#include <string_view>

#include "report/json_value.h"
#include "report/terminal.h"

namespace losscalc::report {
namespace {

struct Character {
  std::size_t bytes = 1;
  bool safe = false;
};

bool steers(std::uint32_t code) {
  const bool control = code < 0x20U || (code >= 0x7fU && code < 0xa0U);
  const bool direction = code == 0x61cU || code == 0x200eU || code == 0x200fU ||
                         (code >= 0x202aU && code <= 0x202eU) ||
                         (code >= 0x2066U && code <= 0x2069U);
  return control || direction;
}

/// Decodes UTF-8 (RFC 3629); a byte that begins no character stands alone and is not safe.
Character character_at(const std::string& text, std::size_t at) {
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80U) return {1, !steers(first)};
  const std::size_t bytes = first >= 0xf0U ? 4 : first >= 0xe0U ? 3 : first >= 0xc0U ? 2 : 0;
  if (bytes == 0 || at + bytes > text.size()) return {};
  std::uint32_t code = first & (0x7fU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xc0U) != 0x80U) return {};
    code = code << 6U | (next & 0x3fU);
  }
  const bool surrogate = code >= 0xd800U && code < 0xe000U;
  if (code < least.at(bytes) || code > 0x10ffffU || surrogate) return {};
  return {bytes, !steers(code)};
}

}  // namespace

std::string printable(const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string safe;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    for (std::size_t i = at; i < at + character.bytes; ++i) {
      const auto code = static_cast<unsigned char>(text[i]);
      if (character.safe) {
        safe += text[i];
      } else {
        safe += {'\\', 'x', digits[code >> 4U], digits[code & 0xfU]};
      }
    }
    at += character.bytes;
  }
  return safe;
}

std::string error_text(const Error& error, bool color) {
  const std::string place = to_string(error.place());
  std::string text =
      colored(printable(place.empty() ? "losscalc" : place) + ":", Color::bold, color);
  text += " " + colored("error:", Color::error, color) + " " + printable(error.what()) + "\n";
  if (error.hint().empty()) return text;
  return text + colored("hint:", Color::hint, color) + " " + printable(error.hint()) + "\n";
}

std::string error_json(const Error& error) {
  const Place& place = error.place();
  Json body{{"code", error_name(error.code())}, {"message", error.what()}};
  body["file"] = place.file.empty() ? Json(nullptr) : Json(place.file);
  body["line"] = place.line > 0 ? Json(place.line) : Json(nullptr);
  body["column"] = place.column > 0 ? Json(place.column) : Json(nullptr);
  body["hint"] = error.hint().empty() ? Json(nullptr) : Json(error.hint());
  if (!place.path.empty()) body["path"] = place.path;
  if (!place.index.empty()) body["index"] = place.index;
  return printed(Json{{"schema", "losscalc.error/1"}, {"error", body}}, false) + "\n";
}

std::string warning_text(const Warning& warning, bool color) {
  return colored("losscalc:", Color::bold, color) + " " +
         colored("warning:", Color::warning, color) + " " + printable(warning.message) + "\n";
}

}  // namespace losscalc::report
