/// Texts of one record on each line.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace losscalc::text {

/// Calls `visit(content, number)` with each line that is not blank, without its line feed, and its
/// number from 1.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  std::size_t number = 1;
  for (std::size_t start = 0; start < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view content = text.substr(start, end - start);
    start = end + 1;
    if (content.find_first_not_of(" \t\r") != std::string_view::npos) visit(content, number);
  }
}

}  // namespace losscalc::text
