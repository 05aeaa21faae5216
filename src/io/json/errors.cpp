#include "io/json/errors.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "diagnostics/error.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

/// Finds where a text stops being JSON, by a second parser that keeps count.
class ErrorPosition : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*count*/) override { return true; }
  bool key(string_t& /*key*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*count*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override {
    position_ = position;
    token_ = token;
    message_ = error.what();
    return false;
  }

  std::size_t position() const { return position_; }
  const std::string& token() const { return token_; }
  bool found() const { return !message_.empty(); }

 private:
  std::size_t position_ = 0;
  std::string token_;
  std::string message_;
};

}  // namespace

void throw_malformed(const std::string& file, std::string_view text, std::size_t first_line,
                     const std::string& reason) {
  ErrorPosition position;
  nlohmann::json::sax_parse(text, &position);
  Place place{.file = file, .line = first_line};
  if (!position.found())
    throw Error(ErrorCode::malformed_json, "not readable as JSON: " + reason, place,
                "integers beyond 64 bits need a decimal point or an exponent: 1e30");
  const std::string_view before =
      text.substr(0, position.position() == 0 ? 0 : position.position() - 1);
  place.line = first_line + static_cast<std::size_t>(std::ranges::count(before, '\n'));
  const std::size_t line_start = before.rfind('\n');
  place.column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1;
  std::string hint;
  const std::string_view rest = text.substr(before.size() > 8 ? before.size() - 8 : 0, 20);
  if (rest.find("NaN") != std::string_view::npos || rest.find("Inf") != std::string_view::npos) {
    hint = "JSON has no NaN or Infinity: write \"NaN\", \"Infinity\" or \"-Infinity\" in quotes";
  }
  throw Error(ErrorCode::malformed_json,
              "not well-formed JSON here, near " + text::quoted(position.token()), place, hint);
}

}  // namespace losscalc::io
