#include "text/phrases.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "text/nearest.h"

namespace losscalc::text {
namespace {

constexpr std::size_t quoted_length = 40;
constexpr std::size_t listed_count = 10;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

/// The length of the well-formed UTF-8 character at the start of `text` (Unicode 15, table 3-7,
/// except that surrogates pass); 0 if it is malformed.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  const bool whole = std::all_of(
      text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length), is_continuation);
  return whole ? length : 0;
}

std::string escaped(char c) {
  switch (c) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return character.size() == 2 && first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string result = "'";
  std::size_t characters = 0;
  while (!text.empty()) {
    if (characters == quoted_length) return result + "...'";
    const std::size_t length = std::max<std::size_t>(character_length(text), 1);
    const std::string_view character = text.substr(0, length);
    const bool printable = character_length(text) > 0 && !is_control(character);
    if (printable) {
      result += character;
    } else {
      for (const char c : character) result += escaped(c);
    }
    text.remove_prefix(length);
    ++characters;
  }
  return result + "'";
}

std::string counted(std::size_t count, std::string_view singular) {
  return std::to_string(count) + " " + std::string(singular) + (count == 1 ? "" : "s");
}

std::string listed(std::span<const std::string> names) {
  std::string result;
  for (std::size_t i = 0; i < std::min(names.size(), listed_count); ++i) {
    if (i > 0) result += ", ";
    const std::string name = text::quoted(names[i]);
    result += name.substr(1, name.size() - 2);
  }
  if (names.size() > listed_count) {
    result += ", ... (" + std::to_string(names.size()) + " in all)";
  }
  return result;
}

std::string choices(std::string_view word, const std::vector<std::string>& candidates) {
  if (candidates.empty()) return {};
  const std::string near = text::did_you_mean(word, candidates);
  return near + (near.empty() ? "" : " ") + "available: " + listed(candidates);
}

bool precedes_naturally(std::string_view one, std::string_view other) {
  const auto digits = [](std::string_view name, std::size_t at) {
    const std::size_t end = name.find_first_not_of("0123456789", at);
    return name.substr(at, end == std::string_view::npos ? end : end - at);
  };
  const auto without_zeros = [](std::string_view number) {
    return number.substr(std::min(number.find_first_not_of('0'), number.size()));
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < one.size() && j < other.size()) {
    const std::string_view number = digits(one, i);
    const std::string_view other_number = digits(other, j);
    if (number.empty() || other_number.empty()) {
      if (one[i] != other[j]) return one[i] < other[j];
      ++i;
      ++j;
      continue;
    }
    const std::string_view plain = without_zeros(number);
    const std::string_view other_plain = without_zeros(other_number);
    if (plain.size() != other_plain.size()) return plain.size() < other_plain.size();
    if (plain != other_plain) return plain < other_plain;
    i += number.size();
    j += other_number.size();
  }
  if (i == one.size() && j == other.size()) return one < other;
  return i == one.size();
}

std::string shell_word(std::string_view word) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("_-./=,:+@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace losscalc::text
