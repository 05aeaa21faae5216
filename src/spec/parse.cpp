/// The grammar of specifications, by recursive descent over the characters.

#include <cctype>
#include <string>

#include "diagnostics/error.h"
#include "spec/specification.h"
#include "text/number.h"

namespace losscalc::spec {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<WrittenTerm> terms() {
    std::vector<WrittenTerm> terms;
    double sign = accept('-') ? -1.0 : 1.0;
    for (;;) {
      terms.push_back(term(sign));
      skip_blanks();
      if (at_end()) return terms;
      if (accept('+')) {
        sign = 1.0;
      } else if (accept('-')) {
        sign = -1.0;
      } else {
        fail("'+', '-' or the end");
      }
    }
  }

  ParameterValue whole_value() {
    ParameterValue parsed = value();
    skip_blanks();
    if (!at_end()) fail("the end");
    return parsed;
  }

  /// Whether the text is one name that value() takes for a word.
  bool is_word() {
    return !at_end() && is_letter(peek()) && value() == ParameterValue(std::string(text_));
  }

 private:
  WrittenTerm term(double sign) {
    skip_blanks();
    WrittenTerm term{.coefficient = sign, .name = {}, .arguments = {}, .column = position_ + 1};
    if (!at_end() && (is_digit(peek()) || peek() == '.')) {
      term.coefficient *= number();
      if (!accept('*')) fail("'*' and a loss after the coefficient");
      skip_blanks();
      term.column = position_ + 1;
    }
    term.name = name("a loss");
    if (accept('(')) term.arguments = arguments();
    return term;
  }

  Arguments arguments() {
    Arguments arguments;
    if (accept(')')) return arguments;
    for (;;) {
      skip_blanks();
      const std::size_t start = position_;
      std::string key = name("the name of a parameter");
      for (char& c : key) c = c == '-' ? '_' : c;
      if (!accept('=')) {
        position_ = start + key.size();
        fail("'=' after '" + key + "'");
      }
      for (const Argument& earlier : arguments) {
        if (earlier.name == key) {
          position_ = start;
          fail("each parameter once; '" + key + "' is given twice");
        }
      }
      arguments.push_back({std::move(key), value()});
      if (accept(')')) return arguments;
      if (!accept(',')) fail("',' or ')'");
    }
  }

  ParameterValue value() {
    skip_blanks();
    if (at_end()) fail("a value");
    if (peek() == '[' || peek() == '(') return list();
    if (peek() == '\'' || peek() == '"') return quoted();
    if (is_digit(peek()) || peek() == '-' || peek() == '+' || peek() == '.') return number();
    const std::string word = name("a value");
    if (word == "true" || word == "True") return true;
    if (word == "false" || word == "False") return false;
    if (word == "None") return std::monostate{};
    const bool is_nonfinite = word == "inf" || word == "Infinity" || word == "nan" || word == "NaN";
    if (is_nonfinite) return *text::parse_number(word);
    return word;
  }

  /// A list of numbers, or of words; the two can't be mixed.
  ParameterValue list() {
    const char close = take() == '[' ? ']' : ')';
    std::vector<double> numbers;
    std::vector<std::string> words;
    while (!accept(close)) {
      const std::size_t start = position_;
      if (!at_end() && (peek() == '[' || peek() == '(')) fail("a list of numbers or of names");
      const ParameterValue item = value();
      if (const double* number = std::get_if<double>(&item)) {
        numbers.push_back(*number);
      } else if (const std::string* word = std::get_if<std::string>(&item)) {
        words.push_back(*word);
      } else {
        position_ = start;
        fail("a list of numbers or of names");
      }
      if (!numbers.empty() && !words.empty()) {
        position_ = start;
        fail("a list of numbers or of names, not of both");
      }
      skip_blanks();
      if (!at_end() && peek() == close) continue;
      if (!accept(',')) fail(std::string("',' or '") + close + "'");
    }
    if (!words.empty()) return words;
    return numbers;
  }

  /// A quote within quotes is written twice.
  std::string quoted() {
    const std::size_t start = position_;
    const char quote = take();
    std::string content;
    for (;;) {
      const std::size_t end = text_.find(quote, position_);
      if (end == std::string_view::npos) {
        position_ = start;
        fail(std::string("a closing ") + quote);
      }
      content += text_.substr(position_, end - position_);
      position_ = end + 1;
      if (at_end() || peek() != quote) return content;
      content += take();
    }
  }

  double number() {
    skip_blanks();
    std::size_t end = position_;
    if (end < text_.size() && (text_[end] == '-' || text_[end] == '+')) ++end;
    for (const std::string_view word : {"Infinity", "inf"}) {
      if (!text_.substr(end).starts_with(word)) continue;
      end += word.size();
      break;
    }
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) ++end;
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t exponent = end + 1;
      if (exponent < text_.size() && (text_[exponent] == '-' || text_[exponent] == '+')) ++exponent;
      if (exponent < text_.size() && is_digit(text_[exponent])) {
        end = exponent;
        while (end < text_.size() && is_digit(text_[end])) ++end;
      }
    }
    const auto parsed = text::parse_number(text_.substr(position_, end - position_));
    if (!parsed) fail("a number");
    position_ = end;
    return *parsed;
  }

  /// A hyphen belongs to a name when a letter follows it: 'smooth-l1' is one name, 'mse-0.5*dice' a
  /// difference.
  std::string name(const std::string& expected) {
    skip_blanks();
    if (at_end() || !is_letter(peek())) fail(expected);
    const std::size_t start = position_;
    while (!at_end()) {
      const char c = peek();
      const char next = position_ + 1 < text_.size() ? text_[position_ + 1] : ' ';
      const bool joins = (c == '-' && is_letter(next)) ||
                         ((c == '.' || c == '@') && (is_letter(next) || is_digit(next)));
      if (!is_letter(c) && !is_digit(c) && !joins) break;
      ++position_;
    }
    return std::string(text_.substr(start, position_ - start));
  }

  void skip_blanks() {
    while (!at_end() && std::isspace(static_cast<unsigned char>(peek())) != 0) ++position_;
  }
  bool accept(char expected) {
    skip_blanks();
    if (at_end() || peek() != expected) return false;
    ++position_;
    return true;
  }
  bool at_end() const { return position_ >= text_.size(); }
  char peek() const { return text_[position_]; }
  char take() { return text_[position_++]; }

  /// The character here, with all its bytes of UTF-8.
  std::string character() const {
    std::size_t end = position_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xc0U) == 0x80U) ++end;
    return std::string(text_.substr(position_, end - position_));
  }

  [[noreturn]] void fail(const std::string& expected) const {
    const std::string found = at_end() ? "the end" : "'" + character() + "'";
    throw Error(ErrorCode::bad_specification, "in '" + std::string(text_) + "', column " +
                                                  std::to_string(position_ + 1) + ": expected " +
                                                  expected + ", found " + found);
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<WrittenTerm> parse(std::string_view text) { return Parser(text).terms(); }

ParameterValue parse_value(std::string_view text) {
  try {
    return Parser(text).whole_value();
  } catch (const Error&) {
    return std::string(text);
  }
}

std::string written_word(const std::string& word) {
  if (Parser(word).is_word()) return word;
  const char quote =
      word.find('\'') != std::string::npos && word.find('"') == std::string::npos ? '"' : '\'';
  std::string text(1, quote);
  for (const char c : word) text += c == quote ? std::string(2, quote) : std::string(1, c);
  return text + quote;
}

}  // namespace losscalc::spec
