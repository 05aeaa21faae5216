/// How far a long command is.
#pragma once

#include <chrono>

namespace losscalc::commands {

/// A percentage on the terminal's last line: only after a second, and gone before the result.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void clear();
  void show(double share);

 private:
  bool wanted_;
  int shown_ = -1;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace losscalc::commands
