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

/// A name within quotes is never a number: '2'.
std::optional<std::string> unquoted(const std::string& part) {
  const bool is_quoted = part.size() > 2 && part.front() == part.back() &&
                         (part.front() == '\'' || part.front() == '"');
  return is_quoted ? std::optional(part.substr(1, part.size() - 2)) : std::nullopt;
}

std::optional<std::size_t> find_name(const std::string& name,
                                     const std::vector<std::string>& names) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

/// A column that is named as another column is numbered, or as another one is named, must be said
/// in another way.
void check_is_clear(const std::string& name, std::size_t found,
                    const std::vector<std::string>& names, const std::string& file) {
  if (std::ranges::count(names, name) > 1) {
    throw_bad("two columns are named " + text::quoted(name), file,
              "number the one that is meant: #col=" + std::to_string(found + 1));
  }
  const auto number = text::parse_integer(name);
  if (!number || *number < 1 || static_cast<std::size_t>(*number) > names.size()) return;
  const std::size_t position = static_cast<std::size_t>(*number) - 1;
  if (position == found) return;
  throw_bad("column " + text::quoted(name) + " is both a name, of column " +
                std::to_string(found + 1) + ", and the number of column " +
                text::quoted(names[position]),
            file,
            "put the name of the one that is meant between quotes: \"#col='" + name +
                "'\" or \"#col='" + names[position] + "'\"");
}

std::size_t position_named(const std::string& part, const std::vector<std::string>& names,
                           std::size_t count, const std::string& file) {
  const auto quoted_name = unquoted(part);
  const std::string& name = quoted_name ? *quoted_name : part;
  if (const auto found = find_name(part, names)) {
    check_is_clear(part, *found, names, file);
    return *found;
  }
  if (const auto found = find_name(name, names)) return *found;
  if (!quoted_name && is_number(name)) return position_of(name, count, file);
  if (names.empty())
    throw_bad("there is no column " + text::quoted(name) + ": the file has no header", file,
              "number the columns: #col=1-3");
  throw_bad("there is no column " + text::quoted(name), file, text::choices(name, names));
}

void append_range(std::size_t first, std::size_t last, std::vector<std::size_t>& positions) {
  for (std::size_t k = first; k <= last; ++k) positions.push_back(k);
}

/// The number that a name ends with, behind its prefix.
struct NumberedName {
  std::string_view prefix;
  std::optional<std::int64_t> number;
};

NumberedName numbered(std::string_view name) {
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  return {name.substr(0, digits), text::parse_integer(name.substr(digits))};
}

/// `p0-p11` by the numbers, in whatever order these columns stand; nothing if the names are not
/// numbered, or one between them is not there.
std::vector<std::size_t> numbered_range(const std::string& low, const std::string& high,
                                        const std::vector<std::string>& names) {
  const NumberedName first = numbered(low);
  const NumberedName last = numbered(high);
  if (!first.number || !last.number || first.prefix != last.prefix) return {};
  const auto wanted = *last.number - *first.number;
  if (wanted < 0 || static_cast<std::size_t>(wanted) >= names.size()) return {};
  std::vector<std::size_t> positions;
  for (std::int64_t number = *first.number; number <= *last.number; ++number) {
    const auto found = find_name(std::string(first.prefix) + std::to_string(number), names);
    if (!found) return {};
    positions.push_back(*found);
  }
  return positions;
}

/// The columns `p*`: by their numbers if numbers are all that they differ in.
std::vector<std::size_t> columns_with_prefix(const std::string& prefix,
                                             const std::vector<std::string>& names,
                                             const std::string& file) {
  std::vector<std::pair<std::int64_t, std::size_t>> by_number;
  std::vector<std::size_t> positions;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (!names[k].starts_with(prefix)) continue;
    positions.push_back(k);
    if (const auto number = numbered(names[k]).number; number && *number >= 0)
      by_number.emplace_back(*number, k);
  }
  if (positions.empty())
    throw_bad("no column begins with " + text::quoted(prefix), file, text::choices(prefix, names));
  if (by_number.empty()) return positions;
  if (by_number.size() < positions.size()) {
    const auto odd =
        std::ranges::find_if(positions, [&](std::size_t k) { return !numbered(names[k]).number; });
    throw_bad(text::quoted(prefix + "*") + " names numbered columns and " +
                  text::quoted(names[*odd]) + ", too",
              file,
              "name the columns that are meant: #col=" + names[by_number.front().second] + "-" +
                  names[by_number.back().second]);
  }
  std::ranges::stable_sort(by_number, {}, [](const auto& entry) { return entry.first; });
  positions.clear();
  for (const auto& [number, position] : by_number) positions.push_back(position);
  return positions;
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
    if (known) {
      if (const auto range = numbered_range(low, high, names); !range.empty()) {
        if (numbers && low.front() != '0') {
          check_is_clear(low, range.front(), names, file);
          check_is_clear(high, range.back(), names, file);
        }
        positions.insert(positions.end(), range.begin(), range.end());
        return true;
      }
    }
    if (numbers && !known) {
      const std::size_t first = position_of(low, count, file);
      const std::size_t last = position_of(high, count, file);
      if (last < first) throw_bad("the range " + text::quoted(part) + " runs backwards", file);
      append_range(first, last, positions);
      return true;
    }
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
    } else if (part == "header=yes" || part == "header=no") {
      parsed.header = part == "header=yes";
    } else if (part == "decimal=," || part == "decimal=.") {
      parsed.decimal = part.back();
    } else {
      throw_bad("unknown fragment " + text::quoted("#" + part), file,
                "select columns: #col=2-4 or #col=name, rows: #row=2-100, or say #header=no or "
                "#decimal=,");
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
      const auto found = columns_with_prefix(part.substr(0, part.size() - 1), names, file);
      positions.insert(positions.end(), found.begin(), found.end());
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
