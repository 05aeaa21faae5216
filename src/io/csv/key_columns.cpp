#include "io/csv/key_columns.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "text/number.h"

namespace losscalc::io {

std::optional<int> counted_from(const Array& words) {
  constexpr std::size_t piece = 4096;
  constexpr std::size_t fewest = 3;
  if (words.size() < fewest) return std::nullopt;
  std::int64_t first = 0;
  std::vector<std::string> cells;
  for (std::size_t row = 0; row < words.size(); row += cells.size()) {
    // The first rows tell most columns apart; only then longer pieces are read.
    cells.resize(std::min(row == 0 ? fewest : piece, words.size() - row));
    words.read_words(row, cells);
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const auto number = text::parse_integer(cells[k]);
      if (!number) return std::nullopt;
      if (row + k == 0) first = *number;
      if (first < 0 || first > 1 || *number != first + static_cast<std::int64_t>(row + k))
        return std::nullopt;
    }
  }
  return static_cast<int>(first);
}

}  // namespace losscalc::io
