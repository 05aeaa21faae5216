#include "io/csv_index.h"

#include <algorithm>
#include <cstring>
#include <thread>

namespace losscalc::io {
namespace {

/// What is known of a block before its neighbours are.
struct Scanned {
  CsvBlock block;
  std::size_t lines = 0;
  bool blank_before_rows = false;
  bool blank_between_rows = false;
  bool blank_at_end = false;
};

enum class LineKind : std::uint8_t { row, blank, comment };

/// `line` is without its line feed.
LineKind kind_of(std::string_view line, CsvDialect dialect) {
  if (line.starts_with('#')) return LineKind::comment;
  std::size_t content = 0;
  while (content < line.size() && (line[content] == ' ' || line[content] == '\t') &&
         line[content] != dialect.delimiter)
    ++content;
  return content == line.size() || line[content] == '\r' ? LineKind::blank : LineKind::row;
}

/// Counts the lines of text[begin, end), which holds whole lines without quotes.
Scanned scan(std::string_view text, std::size_t begin, std::size_t end, CsvDialect dialect) {
  Scanned scanned{.block = {.begin = begin, .end = end}};
  bool blank = false;
  for (std::size_t at = begin; at < end; ++scanned.lines) {
    const void* const found = std::memchr(text.data() + at, '\n', end - at);
    const std::size_t stop =
        found == nullptr ? end
                         : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    const LineKind kind = kind_of(text.substr(at, stop - at), dialect);
    at = stop + 1;
    if (kind == LineKind::blank) blank = true;
    if (kind != LineKind::row) continue;
    if (blank) {
      (scanned.block.rows == 0 ? scanned.blank_before_rows : scanned.blank_between_rows) = true;
      blank = false;
    }
    ++scanned.block.rows;
  }
  scanned.blank_at_end = blank;
  return scanned;
}

/// The borders of blocks of whole lines.
std::vector<std::size_t> borders(std::string_view text, std::size_t block_bytes) {
  std::vector<std::size_t> borders{0};
  while (borders.back() < text.size()) {
    const std::size_t line_end = text.find('\n', borders.back() + block_bytes - 1);
    borders.push_back(line_end == std::string_view::npos ? text.size() : line_end + 1);
  }
  return borders;
}

std::vector<Scanned> scan_in_parallel(std::string_view text, CsvDialect dialect,
                                      std::size_t block_bytes) {
  const std::vector<std::size_t> border = borders(text, block_bytes);
  std::vector<Scanned> scanned(border.size() - 1);
  const std::size_t threads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, scanned.size());
  const auto work = [&](std::size_t thread) {
    for (std::size_t k = thread; k < scanned.size(); k += threads)
      scanned[k] = scan(text, border[k], border[k + 1], dialect);
  };
  std::vector<std::jthread> workers;
  for (std::size_t thread = 1; thread < threads; ++thread) workers.emplace_back(work, thread);
  work(0);
  return scanned;
}

/// Numbers the blocks; false if a blank line stands between rows.
bool number_blocks(const std::vector<Scanned>& scanned, std::vector<CsvBlock>& blocks) {
  std::size_t row = 1;
  std::size_t line = 1;
  bool blank = false;
  for (const Scanned& part : scanned) {
    const bool after_blank = part.block.rows > 0 && row > 1 && (blank || part.blank_before_rows);
    if (part.blank_between_rows || after_blank) return false;
    blank = part.blank_at_end || (part.block.rows == 0 && blank);
    if (part.block.rows > 0) {
      blocks.push_back(part.block);
      blocks.back().first_row = row;
      blocks.back().first_line = line;
    }
    row += part.block.rows;
    line += part.lines;
  }
  return true;
}

std::vector<CsvBlock> index_by_reading(std::string_view text, CsvDialect dialect,
                                       const std::string& file, std::size_t block_bytes) {
  std::vector<CsvBlock> blocks;
  CsvRows rows(text, dialect, file);
  for (std::size_t row = 1; rows.next(); ++row) {
    if (blocks.empty() || rows.begin() - blocks.back().begin >= block_bytes) {
      blocks.push_back(
          {.begin = rows.begin(), .first_row = row, .rows = 0, .first_line = rows.line()});
    }
    ++blocks.back().rows;
    blocks.back().end = std::min(rows.end(), text.size());
  }
  return blocks;
}

}  // namespace

std::vector<CsvBlock> index_rows(std::string_view text, CsvDialect dialect, const std::string& file,
                                 std::size_t block_bytes) {
  std::vector<CsvBlock> blocks;
  const bool has_quotes = text.find('"') != std::string_view::npos;
  if (text.empty() || has_quotes) return index_by_reading(text, dialect, file, block_bytes);
  if (number_blocks(scan_in_parallel(text, dialect, block_bytes), blocks)) return blocks;
  return index_by_reading(text, dialect, file, block_bytes);
}

}  // namespace losscalc::io
