#include "report/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace losscalc::report {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string_view escape_sequence(Color color) {
  switch (color) {
    case Color::bold: return "\x1b[1m";
    case Color::error: return "\x1b[1;31m";
    case Color::warning: return "\x1b[1;35m";
    case Color::hint: return "\x1b[1;36m";
  }
  return "";
}

}  // namespace

std::optional<ColorWhen> color_when(std::string_view name) {
  if (name == "auto") return ColorWhen::automatic;
  if (name == "always") return ColorWhen::always;
  if (name == "never") return ColorWhen::never;
  return std::nullopt;
}

bool uses_color(ColorWhen when, int descriptor) {
  if (when != ColorWhen::automatic) return when == ColorWhen::always;
  return ::isatty(descriptor) == 1 && environment("NO_COLOR").empty() &&
         environment("TERM") != "dumb";
}

std::string colored(const std::string& text, Color color, bool wanted) {
  if (!wanted || text.empty()) return text;
  return std::string(escape_sequence(color)) + text + "\x1b[0m";
}

}  // namespace losscalc::report
