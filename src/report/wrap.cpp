#include "report/wrap.h"

#include <sstream>

namespace losscalc::report {

std::string wrapped(std::string_view paragraph, std::size_t first, std::size_t rest) {
  constexpr std::size_t columns = 80;
  std::istringstream words{std::string(paragraph)};
  std::string text;
  std::string line(first, ' ');
  bool has_word = false;
  for (std::string word; words >> word;) {
    if (has_word && line.size() + 1 + word.size() > columns) {
      text += line + "\n";
      line.assign(rest, ' ');
      has_word = false;
    }
    if (has_word) line += ' ';
    line += word;
    has_word = true;
  }
  return text + line + "\n";
}

void append_section(std::string& text, std::string_view title,
                    const std::vector<std::string>& paragraphs) {
  if (paragraphs.empty()) return;
  text += "\n" + std::string(title) + "\n";
  for (const std::string& paragraph : paragraphs) text += wrapped(paragraph, 2, 6);
}

}  // namespace losscalc::report
