#include "io/pointer.h"

namespace losscalc::io {

std::string pointer_part(std::string_view key) {
  std::string escaped;
  for (const char c : key) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string key_of_part(std::string_view part, const Place& place) {
  std::string key;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '~') {
      key += part[i];
      continue;
    }
    const char code = i + 1 < part.size() ? part[++i] : ' ';
    if (code != '0' && code != '1') {
      throw Error(ErrorCode::bad_fragment, "'~' must be followed by 0 or 1 in a JSON Pointer",
                  place);
    }
    key += code == '0' ? '~' : '/';
  }
  return key;
}

}  // namespace losscalc::io
