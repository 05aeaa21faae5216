#include "io/columns.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "diagnostics/error.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::io {
namespace {

[[noreturn]] void throw_bad(const std::string& message, const std::string& file,
                            std::string hint = {}) {
  throw Error(ErrorCode::bad_fragment, message, Place{.file = file}, std::move(hint));
}

std::vector<std::string> split(const std::string& text, const std::string& separators) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

bool is_number(const std::string& text) {
  return text == "*" || text::parse_integer(text).has_value();
}

/// A 1-based position as a 0-based one.
std::size_t position_of(const std::string& text, std::size_t count, const std::string& file) {
  if (text == "*") {
    if (count == 0) throw_bad("there is no column", file);
    return count - 1;
  }
  const auto number = text::parse_integer(text);
  if (!number || *number < 1 || static_cast<std::size_t>(*number) > count) {
    throw_bad("there is no column " + text::quoted(text) + ": columns are numbered from 1 to " +
                  std::to_string(count),
              file);
  }
  return static_cast<std::size_t>(*number) - 1;
}

std::optional<std::size_t> find_name(const std::string& name,
                                     const std::vector<std::string>& names) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::size_t position_named(const std::string& name, const std::vector<std::string>& names,
                           std::size_t count, const std::string& file) {
  if (const auto found = find_name(name, names)) return *found;
  if (is_number(name)) return position_of(name, count, file);
  if (names.empty())
    throw_bad("there is no column " + text::quoted(name) + ": the file has no header", file,
              "number the columns: #col=1-3");
  throw_bad("there is no column " + text::quoted(name), file, text::choices(name, names));
}

void append_range(std::size_t first, std::size_t last, std::vector<std::size_t>& positions) {
  for (std::size_t k = first; k <= last; ++k) positions.push_back(k);
}

/// `2-4` or `p0-p9`, tried at every hyphen because names may hold hyphens themselves.
bool append_if_range(const std::string& part, const std::vector<std::string>& names,
                     std::size_t count, const std::string& file,
                     std::vector<std::size_t>& positions) {
  for (std::size_t hyphen = part.find('-'); hyphen != std::string::npos;
       hyphen = part.find('-', hyphen + 1)) {
    const std::string low = part.substr(0, hyphen);
    const std::string high = part.substr(hyphen + 1);
    const bool numbers = is_number(low) && is_number(high) && low != "*";
    const bool known = find_name(low, names) && find_name(high, names);
    if (!numbers && !known) continue;
    const std::size_t first = position_named(low, names, count, file);
    const std::size_t last = position_named(high, names, count, file);
    if (last < first) throw_bad("the range " + text::quoted(part) + " runs backwards", file);
    append_range(first, last, positions);
    return true;
  }
  return false;
}

}  // namespace

std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    if (!escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  return decoded;
}

TableFragment parse_table_fragment(std::string_view fragment, const std::string& file) {
  TableFragment parsed;
  if (fragment.empty()) return parsed;
  for (const std::string& part : split(std::string(fragment), "&")) {
    if (part.starts_with("col=")) {
      parsed.columns = part.substr(4);
    } else if (part.starts_with("row=")) {
      parsed.rows = part.substr(4);
    } else {
      throw_bad("unknown fragment " + text::quoted("#" + part), file,
                "select columns: #col=2-4 or #col=name, or rows: #row=2-100");
    }
  }
  return parsed;
}

std::vector<std::size_t> selected_columns(const std::string& selection,
                                          const std::vector<std::string>& names, std::size_t count,
                                          const std::string& file) {
  std::vector<std::size_t> positions;
  for (const std::string& encoded : split(selection, ",;")) {
    const std::string part = percent_decoded(encoded);
    if (part.empty()) throw_bad("an empty name in " + text::quoted("#col=" + selection), file);
    const bool is_prefix = part.size() > 1 && part.ends_with('*') && !find_name(part, names) &&
                           part.find('-') == std::string::npos;
    if (is_prefix) {
      const std::string prefix = part.substr(0, part.size() - 1);
      const std::size_t before = positions.size();
      for (std::size_t k = 0; k < names.size(); ++k) {
        if (names[k].starts_with(prefix)) positions.push_back(k);
      }
      if (positions.size() == before)
        throw_bad("no column begins with " + text::quoted(prefix), file,
                  text::choices(prefix, names));
    } else if (find_name(part, names) || !append_if_range(part, names, count, file, positions)) {
      positions.push_back(position_named(part, names, count, file));
    }
  }
  return positions;
}

RowSelection::RowSelection(const std::string& selection, const std::string& file) {
  constexpr std::size_t last_row = std::numeric_limits<std::size_t>::max();
  for (const std::string& part : split(selection, ",;")) {
    const std::size_t hyphen = part.find('-');
    const std::string low = part.substr(0, hyphen);
    const std::string high = hyphen == std::string::npos ? low : part.substr(hyphen + 1);
    const auto first = text::parse_integer(low);
    const auto last = high == "*" ? std::optional<std::int64_t>(0) : text::parse_integer(high);
    if (!first || !last || *first < 1 || (high != "*" && *last < *first)) {
      throw_bad("cannot read the rows " + text::quoted(part), file,
                "rows are numbered from 1, the header among them: #row=2-100");
    }
    ranges_.emplace_back(static_cast<std::size_t>(*first),
                         high == "*" ? last_row : static_cast<std::size_t>(*last));
  }
}

std::vector<std::pair<std::size_t, std::size_t>> RowSelection::kept(std::size_t first,
                                                                    std::size_t last) const {
  if (last < first) return {};
  if (ranges_.empty()) return {{first, last}};
  std::vector<std::pair<std::size_t, std::size_t>> sorted = ranges_;
  std::ranges::sort(sorted);
  std::vector<std::pair<std::size_t, std::size_t>> kept;
  for (const auto& [low, high] : sorted) {
    const std::size_t from = std::max({low, first, kept.empty() ? first : kept.back().second + 1});
    const std::size_t to = std::min(high, last);
    if (from <= to) kept.emplace_back(from, to);
  }
  return kept;
}

}  // namespace losscalc::io
