#include "io/text_shapes.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "text/number.h"

namespace losscalc::io {
namespace {

constexpr std::string_view blanks = " \t\r";

bool begins_without_case(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char one, char other) {
           return one == static_cast<char>(std::tolower(static_cast<unsigned char>(other)));
         });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

/// Takes the first line from the text.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// The first line that holds something and doesn't begin with `comment`.
std::string_view first_line(std::string_view text, char comment) {
  while (!text.empty()) {
    const std::string_view line = trimmed(take_line(text));
    if (!line.empty() && line.front() != comment) return line;
  }
  return {};
}

/// At most the first words of a line: the line may be as long as the file.
std::vector<std::string_view> first_words(std::string_view line) {
  constexpr std::size_t most = 16;
  std::vector<std::string_view> words;
  while (words.size() < most) {
    const std::size_t first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) break;
    line.remove_prefix(first);
    const std::size_t end = std::min(line.find_first_of(blanks), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

bool is_number(std::string_view word) { return text::parse_number(word).has_value(); }

/// `7:0.25`.
bool is_feature(std::string_view word) {
  const std::size_t colon = word.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         text::parse_integer(word.substr(0, colon)).has_value() &&
         is_number(word.substr(colon + 1));
}

}  // namespace

bool looks_like_arff(std::string_view content) {
  return begins_without_case(first_line(content, '%'), "@relation");
}

bool looks_like_yaml(std::string_view content) {
  if (content.starts_with("%YAML")) return true;
  std::string_view rest = content;
  const std::string_view first = trimmed(take_line(rest));
  const std::string_view second = trimmed(take_line(rest));
  if (first == "---") return true;
  const bool is_key = first.ends_with(':') && first.find_first_of(" \t,;|\"") == std::string::npos;
  return is_key && second.starts_with("- ");
}

bool looks_like_html(std::string_view content) {
  const std::string_view line = first_line(content, '\0');
  return begins_without_case(line, "<!doctype html") || begins_without_case(line, "<html");
}

bool looks_like_libsvm(std::string_view content) {
  const std::vector<std::string_view> words = first_words(first_line(content, '#'));
  return words.size() > 2 && is_number(words[0]) &&
         std::all_of(words.begin() + 1, words.end(), is_feature);
}

bool looks_like_vowpal_wabbit(std::string_view content) {
  const std::vector<std::string_view> words = first_words(first_line(content, '\0'));
  if (words.size() < 3 || !is_number(words[0])) return false;
  // The bar stands right before the name of its features, where a delimiter of columns does not.
  return std::any_of(words.begin() + 1, words.end() - 1, [](std::string_view word) {
    return word.size() > 1 && word.starts_with('|') && word.find('|', 1) == std::string_view::npos;
  });
}

bool looks_like_printed_array(std::string_view content) {
  const std::string_view line = first_line(content, '\0');
  const std::size_t start = line.find_first_not_of('[');
  if (start == 0 || start == std::string_view::npos) return false;
  const std::vector<std::string_view> words = first_words(line.substr(start));
  if (words.size() < 2) return false;
  const auto without_bracket = [](std::string_view word) { return word.substr(0, word.find(']')); };
  return is_number(without_bracket(words[0])) &&
         (is_number(without_bracket(words[1])) || words[1] == "...");
}

bool looks_like_bmp(std::string_view content) {
  using namespace std::string_view_literals;
  return content.starts_with("BM") && content.size() > 14 && content.substr(6, 4) == "\0\0\0\0"sv;
}

}  // namespace losscalc::io
