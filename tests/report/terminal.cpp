#include "report/terminal.h"

#include <doctest/doctest.h>

using namespace losscalc::report;

TEST_CASE("what was asked for decides; else no terminal means no colour") {
  constexpr int no_descriptor = -1;
  CHECK(uses_color(ColorWhen::always, no_descriptor));
  CHECK_FALSE(uses_color(ColorWhen::never, no_descriptor));
  CHECK_FALSE(uses_color(ColorWhen::automatic, no_descriptor));
}

TEST_CASE("text is coloured only if wanted, and empty text never") {
  CHECK(colored("x", Color::error, false) == "x");
  CHECK(colored("x", Color::error, true) == "\x1b[1;31mx\x1b[0m");
  CHECK(colored("", Color::bold, true).empty());
}
