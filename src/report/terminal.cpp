#include "report/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

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

const std::vector<text::Named<ColorWhen>>& color_names() {
  static const std::vector<text::Named<ColorWhen>> names{
      {ColorWhen::automatic, "auto", "on a terminal, without NO_COLOR"},
      {ColorWhen::always, "always"},
      {ColorWhen::never, "never"}};
  return names;
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
