#include "process/message.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>

#include "numeric/limits.h"
#include "process/failure.h"

namespace losscalc::process {
namespace {

using Element = simdjson::dom::element;
using Shape = std::span<const std::size_t>;

void append_number(std::string& line, double value) {
  if (std::isnan(value)) {
    line += "\"NaN\"";
  } else if (std::isinf(value)) {
    line += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    std::array<char, 32> digits{};
    line.append(digits.data(),
                std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
  }
}

/// Returns the first value after the array.
const double* append_array(std::string& line, Shape shape, const double* value) {
  if (shape.empty()) {
    append_number(line, *value);
    return value + 1;
  }
  line += '[';
  for (std::size_t i = 0; i < shape[0]; ++i) {
    if (i > 0) line += ',';
    value = append_array(line, shape.subspan(1), value);
  }
  line += ']';
  return value;
}

std::optional<double> to_number(Element element) {
  double number = 0.0;
  if (element.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return std::nullopt;
  if (text == "NaN") return quiet_nan;
  if (text == "Infinity") return infinity;
  if (text == "-Infinity") return -infinity;
  return std::nullopt;
}

/// Appends the numbers of an array of that shape; false for any other.
bool append_values(Element element, Shape shape, std::vector<double>& values) {
  if (shape.empty()) {
    const std::optional<double> number = to_number(element);
    if (number) values.push_back(*number);
    return number.has_value();
  }
  simdjson::dom::array items;
  if (element.get(items) != simdjson::SUCCESS) return false;
  std::size_t length = 0;
  for (const Element item : items) {
    if (++length > shape[0] || !append_values(item, shape.subspan(1), values)) return false;
  }
  return length == shape[0];
}

std::string to_string(Shape shape) {
  std::string text = "[";
  for (const std::size_t length : shape) {
    text += (text.size() > 1 ? "," : "") + std::to_string(length);
  }
  return text + "]";
}

/// The lengths along the first element of each level.
std::vector<std::size_t> found_shape(Element element) {
  std::vector<std::size_t> shape;
  for (simdjson::dom::array items; element.get(items) == simdjson::SUCCESS;) {
    // simdjson's own count saturates.
    std::size_t length = 0;
    for ([[maybe_unused]] const Element item : items) ++length;
    shape.push_back(length);
    if (length == 0) break;
    element = *items.begin();
  }
  return shape;
}

class ReplyParser {
 public:
  ReplyParser(std::string_view line, const Request& request, const std::string& command)
      : line_(line), request_(request), command_(command) {}

  Reply parse() {
    if (document().get(reply_) != simdjson::SUCCESS) fail_at("the reply is not an object");
    check_error();
    std::uint64_t id = 0;
    if (reply_["id"].get(id) != simdjson::SUCCESS || id != request_.id) {
      fail_at("the reply's id is not " + std::to_string(request_.id), one_line_each);
    }
    Reply reply{.value = value()};
    reply.per_sample = per_sample();
    if (request_.with_gradient) add_gradient(reply);
    return reply;
  }

 private:
  static constexpr const char* one_line_each =
      "print one line for each request, and nothing else, to standard output";
  static constexpr const char* numbers_are =
      "numbers are JSON numbers, or \"NaN\", \"Infinity\", \"-Infinity\" as strings";

  [[noreturn]] void fail_at(const std::string& message, const std::string& hint = {}) const {
    fail(command_, message + "; it was " + quoted(line_), hint);
  }

  Element document() {
    Element element;
    if (parser_.parse(line_.data(), line_.size()).get(element) == simdjson::SUCCESS) return element;
    // JavaScript prints 1e20 with all its digits, which simdjson takes for an integer out of range.
    try {
      rewritten_ = nlohmann::json::parse(line_).dump();
    } catch (const nlohmann::json::exception&) {
      fail_at("the reply is not JSON", std::string(one_line_each) + "; " + numbers_are);
    }
    if (parser_.parse(rewritten_).get(element) != simdjson::SUCCESS) {
      fail_at("the reply can't be parsed", numbers_are);
    }
    return element;
  }

  void check_error() const {
    Element error;
    if (reply_["error"].get(error) != simdjson::SUCCESS || error.is_null()) return;
    std::string_view text;
    if (error.get(text) != simdjson::SUCCESS) fail_at("the program reports an error");
    fail(command_, "the program reports an error: " + quoted(text));
  }

  double value() const {
    Element element;
    if (reply_["value"].get(element) != simdjson::SUCCESS) fail_at("the reply has no value");
    const std::optional<double> number = to_number(element);
    if (!number) fail_at("the reply's value is not a number", numbers_are);
    return *number;
  }

  std::vector<double> values_of(Element element, Shape shape, const std::string& what) const {
    std::vector<double> values;
    if (append_values(element, shape, values)) return values;
    const std::vector<std::size_t> found = found_shape(element);
    if (std::ranges::equal(found, shape)) {
      fail_at(what + " is ragged or holds something that is not a number", numbers_are);
    }
    fail_at(what + " has shape " + to_string(found) + ", expected " + to_string(shape));
  }

  std::optional<std::vector<double>> per_sample() const {
    Element element;
    if (reply_["per_sample"].get(element) != simdjson::SUCCESS) return std::nullopt;
    return values_of(element, std::array{request_.samples}, "the reply's per_sample");
  }

  void add_gradient(Reply& reply) const {
    simdjson::dom::object gradients;
    if (reply_["gradient"].get(gradients) != simdjson::SUCCESS || gradients.size() == 0) {
      fail_at("the reply has no gradient",
              "it is an object that holds an array for each differentiated input");
    }
    for (const auto& [name, element] : gradients) {
      const auto input = request_.inputs.find(name);
      if (input == request_.inputs.end()) {
        fail_at("the reply has a gradient of " + quoted(name) + ", which is no input");
      }
      reply.gradient[input->first] =
          values_of(element, input->second.shape, "the gradient of " + quoted(name));
    }
  }

  std::string_view line_;
  const Request& request_;
  const std::string& command_;
  simdjson::dom::parser parser_;
  std::string rewritten_;
  simdjson::dom::object reply_;
};

}  // namespace

std::string to_line(const Request& request) {
  std::string line = R"({"schema":"losscalc.exec/1","id":)" + std::to_string(request.id);
  line += request.with_gradient ? R"(,"want":["value","gradient"])" : R"(,"want":["value"])";
  line += R"(,"inputs":{)";
  const char* separator = "";
  for (const auto& [name, array] : request.inputs) {
    line += separator;
    line += nlohmann::json(name).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    line += ':';
    const double* const first = array.values.data();
    [[maybe_unused]] const double* const end = append_array(line, array.shape, first);
    assert(end == first + array.values.size());
    separator = ",";
  }
  return line + "}}\n";
}

Reply parse_reply(std::string_view line, const Request& request, const std::string& command) {
  return ReplyParser(line, request, command).parse();
}

}  // namespace losscalc::process
