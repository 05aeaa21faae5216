#include "report/diagnostics.h"

#include <string_view>

#include "report/json_value.h"

namespace losscalc::report {

std::string printable(const std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string safe;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x20U && code != 0x7fU) {
      safe += c;
    } else {
      safe += "\\x";
      safe += digits[code >> 4U];
      safe += digits[code & 0xfU];
    }
  }
  return safe;
}

std::string error_text(const Error& error) {
  const std::string place = to_string(error.place());
  std::string text =
      printable((place.empty() ? "losscalc" : place) + ": error: " + error.what()) + "\n";
  if (!error.hint().empty()) text += printable("hint: " + error.hint()) + "\n";
  return text;
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

std::string warning_text(const Warning& warning) {
  return printable("losscalc: warning: " + warning.message) + "\n";
}

}  // namespace losscalc::report
