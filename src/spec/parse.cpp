/// The grammar of specifications, by recursive descent over the characters.

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "diagnostics/error.h"
#include "dialects/dialect.h"
#include "spec/specification.h"
#include "text/number.h"

namespace losscalc::spec {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

class Parser {
 public:
  explicit Parser(std::string text) : text_(std::move(text)) {}

  std::vector<WrittenTerm> terms() {
    std::vector<WrittenTerm> terms;
    if (is_key_next()) {  // loss_fn = nn.MSELoss()
      name("a name");
      accept('=');
    }
    double sign = accept('-') ? -1.0 : 1.0;
    for (;;) {
      terms.push_back(term(sign));
      skip_blanks();
      if (at_end()) return terms;
      if (accept('*')) terms.back().coefficient *= number();
      skip_blanks();
      const std::size_t end = position_;
      if (accept(';')) skip_blanks();
      if (at_end()) return terms;
      position_ = end;
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
  bool is_word() { return !at_end() && is_letter(peek()) && value() == ParameterValue(text_); }

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
    if (accept('(')) term.arguments = arguments(dialects::is_dialect(term.name));
    if (dialects::is_dialect(term.name)) calls_behind(term);
    return term;
  }

  /// What code does with a loss that it has made: calls it, moves it, reduces what it gives.
  void calls_behind(WrittenTerm& term) {
    for (;;) {
      if (term.call.empty() && accept('(')) {
        term.call = arguments(true);
        continue;
      }
      const std::size_t start = position_;
      if (!accept('.')) return;
      const std::string method = name("the name of a method");
      if (!is_known_method(method)) {
        position_ = start + 1;
        fail("mean(), sum(), or a method such as cuda() that changes no number");
      }
      if (method == "mean" || method == "sum") term.reduced = method;
      if (!accept('(')) fail("'('");
      arguments(true);
    }
  }

  static bool is_known_method(const std::string& method) {
    static const std::set<std::string, std::less<>> known{
        "mean", "sum", "cuda", "cpu", "to", "float", "double", "item", "detach", "numpy", "eval"};
    return known.contains(method);
  }

  /// Where `by_position` allows it, values without a name get an empty one.
  Arguments arguments(bool by_position) {
    Arguments arguments;
    if (accept(')')) return arguments;
    for (;;) {
      skip_blanks();
      const std::size_t start = position_;
      if (by_position && !is_key_next()) {
        if (!arguments.empty() && !arguments.back().name.empty())
          fail("a name and '=': values without a name go first");
        arguments.push_back({{}, value()});
        if (accept(')')) return arguments;
        if (!accept(',')) fail("',' or ')'");
        if (accept(')')) return arguments;
        continue;
      }
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
      if (by_position && accept(')')) return arguments;
    }
  }

  /// Whether 'name =' stands here.
  bool is_key_next() {
    skip_blanks();
    if (at_end() || !is_letter(peek())) return false;
    const std::size_t start = position_;
    name("a name");
    const bool is_key = accept('=');
    position_ = start;
    return is_key;
  }

  /// The list in torch.tensor([1, 2], dtype=torch.float).cuda(), whose name is read already.
  ParameterValue array_call(const std::string& function) {
    static const std::set<std::string, std::less<>> known{
        "tensor",  "Tensor",   "FloatTensor",       "DoubleTensor", "as_tensor", "array",
        "asarray", "constant", "convert_to_tensor", "float32",      "float64"};
    if (function.ends_with(".smooth_labels"))
      fail("the name of the labels; what smooths them is the parameter smooth_labels=ALPHA");
    if (!known.contains(function.substr(function.rfind('.') + 1)))
      fail("a value; '" + function + "' is not called here");
    ParameterValue content = value();
    while (!accept(')')) {
      if (!accept(',')) fail("',' or ')'");
      if (accept(')')) break;
      if (is_key_next()) {
        name("a name");
        accept('=');
      }
      value();
    }
    while (accept('.')) {
      name("the name of a method");
      if (!accept('(')) fail("'('");
      while (!accept(')')) {
        value();
        accept(',');
      }
    }
    return content;
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
    if (dialects::is_dialect(word) && accept('(')) return array_call(word);
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
      if (end == std::string::npos) {
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
      if (!std::string_view(text_).substr(end).starts_with(word)) continue;
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
    return text_.substr(start, position_ - start);
  }

  bool is_blank(std::size_t at) const {
    return at >= text_.size() || std::isspace(static_cast<unsigned char>(text_[at])) != 0;
  }
  /// A '#' between blanks begins a comment; one in the name of a file does not.
  void skip_blanks() {
    while (!at_end()) {
      const bool after_blank = position_ == 0 || is_blank(position_ - 1);
      if (peek() == '#' && after_blank && is_blank(position_ + 1)) {
        position_ = std::min(text_.find('\n', position_), text_.size());
      } else if (is_blank(position_)) {
        ++position_;
      } else {
        return;
      }
    }
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
    return text_.substr(position_, end - position_);
  }

  [[noreturn]] void fail(const std::string& expected) const {
    const std::string found = at_end() ? "the end" : "'" + character() + "'";
    throw Error(ErrorCode::bad_specification, "in '" + text_ + "', column " +
                                                  std::to_string(position_ + 1) + ": expected " +
                                                  expected + ", found " + found);
  }

  std::string text_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<WrittenTerm> parse(std::string_view text) { return Parser(std::string(text)).terms(); }

Arguments parse_arguments(std::string_view text) {
  if (text.empty()) return {};
  return Parser("_(" + std::string(text) + ")").terms().front().arguments;
}

ParameterValue parse_value(std::string_view text) {
  try {
    return Parser(std::string(text)).whole_value();
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
