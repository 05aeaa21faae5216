/// Whether and how text is coloured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "text/names.h"

namespace losscalc::report {

enum class ColorWhen : std::uint8_t { automatic, always, never };

const std::vector<text::Named<ColorWhen>>& color_names();

/// Whether to colour what goes to this file descriptor: under `automatic`, a terminal that can
/// (TERM is not dumb) of a person who has not said otherwise (NO_COLOR, https://no-color.org).
bool uses_color(ColorWhen when, int descriptor);

enum class Color : std::uint8_t { bold, error, warning, hint };

/// The text in this colour, or as it is.
std::string colored(const std::string& text, Color color, bool wanted);

}  // namespace losscalc::report
