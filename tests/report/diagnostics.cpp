#include "report/diagnostics.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using namespace losscalc;
using namespace losscalc::report;

namespace {

nlohmann::json parsed(const Error& error) { return nlohmann::json::parse(error_json(error)); }

const Error not_a_number(ErrorCode::not_a_number, "expected a number, found 'abc'",
                         Place{.file = "preds.csv", .line = 17, .column = 3}, "write nan");

}  // namespace

TEST_CASE("an error's text puts the place first and the hint on a line of its own") {
  CHECK(error_text(not_a_number, false) ==
        "preds.csv:17:3: error: expected a number, found 'abc'\nhint: write nan\n");
  CHECK(error_text(Error(ErrorCode::unknown_loss, "unknown loss 'x'"), false) ==
        "losscalc: error: unknown loss 'x'\n");
  CHECK(error_text(Error(ErrorCode::out_of_range, "bad",
                         Place{.file = "d.npz", .path = "pred", .index = {3, 1}}),
                   false) == "d.npz#pred[3,1]: error: bad\n");
}

TEST_CASE("colour adds only escape sequences to an error's text") {
  const std::string text = error_text(not_a_number, true);
  CHECK(text.find("\x1b[") != std::string::npos);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      plain += text[i];
    }
  }
  CHECK(plain == error_text(not_a_number, false));
}

TEST_CASE("an error's JSON is one line with every field of the schema") {
  const std::string line = error_json(not_a_number);
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(parsed(not_a_number) == nlohmann::json{{"schema", "losscalc.error/1"},
                                               {"error",
                                                {{"code", "not-a-number"},
                                                 {"message", "expected a number, found 'abc'"},
                                                 {"file", "preds.csv"},
                                                 {"line", 17},
                                                 {"column", 3},
                                                 {"hint", "write nan"}}}});
}

TEST_CASE("what an error does not know is null in JSON") {
  const auto body = parsed(Error(ErrorCode::internal, "oops"))["error"];
  for (const char* field : {"file", "line", "column", "hint"}) {
    CAPTURE(field);
    REQUIRE(body.contains(field));
    CHECK(body[field].is_null());
  }
}

TEST_CASE("an error within an array has path and index in JSON") {
  const auto body = parsed(Error(ErrorCode::out_of_range, "bad",
                                 Place{.file = "d.npz", .path = "pred", .index = {3, 1}}))["error"];
  CHECK(body["path"] == "pred");
  CHECK(body["index"] == nlohmann::json{3, 1});
}

TEST_CASE("invalid UTF-8 in a name keeps an error's JSON well-formed") {
  CHECK_NOTHROW(parsed(Error(ErrorCode::cannot_read, "x\xff", Place{.file = "a\xfe.csv"})));
}

TEST_CASE("a warning's text begins with the program's name") {
  CHECK(warning_text({"clipped", "2 values"}, false) == "losscalc: warning: 2 values\n");
}

TEST_CASE("control characters are printed as their codes, other characters as they are") {
  CHECK(printable("plain é 日本 'x'") == "plain é 日本 'x'");
  CHECK(printable("a\x1b[31m\n\x7f") == "a\\x1b[31m\\x0a\\x7f");
  CHECK(printable(std::string("\0", 1)) == "\\x00");
  CHECK(error_text(Error(ErrorCode::cannot_read, "no", Place{.file = "\x1b[2J"}), false) ==
        "\\x1b[2J: error: no\n");
}

TEST_CASE("characters that turn the direction of writing are printed as their codes") {
  CHECK(printable("a\u202e"
                  "b") == "a\\xe2\\x80\\xaeb");
  CHECK(printable("\u0085") == "\\xc2\\x85");
  CHECK(printable("x\xff") == "x\\xff");
  CHECK(printable("x\xc3") == "x\\xc3");
}
