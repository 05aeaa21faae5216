#include "process/failure.h"

#include <cstddef>

#include "diagnostics/error.h"

namespace losscalc::process {
namespace {

constexpr std::size_t quoted_length = 200;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

}  // namespace

std::string quoted(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::size_t length = bytes.size();
  if (length > quoted_length) {
    length = quoted_length;
    while (length > quoted_length - 4 && is_continuation(bytes[length])) --length;
  }
  std::string text = "'";
  for (const char c : bytes.substr(0, length)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      text += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
    } else {
      text += c;
    }
  }
  return text + (length < bytes.size() ? "...'" : "'");
}

void fail(const std::string& command, const std::string& message, const std::string& hint) {
  throw Error(ErrorCode::program_failed, message, Place{.file = command}, hint);
}

}  // namespace losscalc::process
