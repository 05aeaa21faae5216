/// The fragments of tables: `col=2-4`, `col=p0,p1`, `col=p*`, `row=2-10` (RFC 7111, with names
/// beside numbers).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace losscalc::io {

struct TableFragment {
  std::optional<std::string> columns;  ///< what follows `col=`
  std::optional<std::string> rows;     ///< what follows `row=`
  std::optional<bool> header = {};     ///< of `header=yes` and `header=no`
  std::optional<char> decimal = {};    ///< of `decimal=,` and `decimal=.`
};

/// Parts are joined by '&'. Throws Error(bad_fragment), with `file` as its place.
TableFragment parse_table_fragment(std::string_view fragment, const std::string& file);

/// The 0-based positions that a selection names: numbers from 1, `*` for the last, ranges `2-4`,
/// and, where the table has a header, names, ranges of names `p0-p9` and prefixes `p*`; separated
/// by ',' or ';'. Throws Error(bad_fragment).
std::vector<std::size_t> selected_columns(const std::string& selection,
                                          const std::vector<std::string>& names, std::size_t count,
                                          const std::string& file);

/// Which 1-based rows a selection keeps.
class RowSelection {
 public:
  RowSelection() = default;
  RowSelection(const std::string& selection, const std::string& file);
  /// The kept ones of rows first .. last, as ranges [first, last] in ascending order.
  std::vector<std::pair<std::size_t, std::size_t>> kept(std::size_t first, std::size_t last) const;
  /// Whether some rows were asked for and not all.
  bool given() const { return !ranges_.empty(); }

 private:
  std::vector<std::pair<std::size_t, std::size_t>> ranges_;
};

/// Percent-decoding (RFC 3986, section 2.1).
std::string percent_decoded(std::string_view text);

}  // namespace losscalc::io
