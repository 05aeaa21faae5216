#include "commands/output/progress_line.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace losscalc::commands {

ProgressLine::ProgressLine(bool wanted) : wanted_(wanted && ::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  if (shown_ >= 0) std::fputs("\r\x1b[K", stderr);
  shown_ = -1;
}

void ProgressLine::show(double share) {
  if (!wanted_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds(1)) return;
  const int percent = static_cast<int>(std::floor(100.0 * share));
  if (percent == shown_) return;
  shown_ = percent;
  std::fprintf(stderr, "\r%3d %%", percent);
}

}  // namespace losscalc::commands
