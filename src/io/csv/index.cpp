#include "io/csv/index.h"

#include <algorithm>
#include <thread>

#include "io/csv/line.h"
#include "process/processors.h"

namespace losscalc::io {
namespace {

/// What is known of a block before its neighbours are.
struct Scanned {
  CsvBlock block;
  std::size_t lines = 0;
  bool blank_before_rows = false;
  bool blank_between_rows = false;
  bool blank_at_end = false;
  bool is_unclear = false;  ///< quotes that are not plain
};

/// `line` is without its line feed.
bool is_blank_line(std::string_view line, CsvDialect dialect) {
  std::size_t content = 0;
  while (content < line.size() && is_blank(line[content]) &&
         (dialect.delimiter == ' ' || line[content] != dialect.delimiter))
    ++content;
  return content == line.size() || line[content] == '\r';
}

constexpr std::size_t unclear = std::string_view::npos;

/// Whether a field begins with the quote, so that it encloses the field: anywhere else it is a
/// character like others.
bool opens_field(std::string_view text, std::size_t row, std::size_t quote, CsvDialect dialect) {
  std::size_t at = quote;
  while (at > row && is_blank(text[at - 1]) && text[at - 1] != dialect.delimiter) --at;
  if (at == row || text[at - 1] == dialect.delimiter) return true;
  return dialect.delimiter == ' ' && at < quote;
}

/// Behind the quote that closes what `quote` opens and the blanks that follow; unclear if it isn't
/// there, or a field goes on behind it.
std::size_t closed_field_end(std::string_view text, std::size_t quote, CsvDialect dialect) {
  std::size_t at = quote + 1;
  for (;; at += 2) {
    at = text.find('"', at);
    if (at == std::string_view::npos) return unclear;
    if (at + 1 == text.size() || text[at + 1] != '"') break;
  }
  ++at;
  while (at < text.size() && is_blank(text[at]) && text[at] != dialect.delimiter) ++at;
  if (at == text.size() || text[at] == dialect.delimiter || text[at] == '\n') return at;
  const bool at_line_end = text[at] == '\r' && (at + 1 == text.size() || text[at + 1] == '\n');
  return at_line_end ? at : unclear;
}

/// The line feed that ends the row, or the end of the text, where the first line feed of the row is
/// at `stop`: there may be more within quotes, which are counted. Unclear where CsvRows has to
/// look.
std::size_t row_end(std::string_view text, std::size_t row, std::size_t stop, CsvDialect dialect,
                    std::size_t& lines) {
  for (std::size_t at = row; at < stop;) {
    const std::size_t quote = text.substr(0, stop).find('"', at);
    if (quote == std::string_view::npos) break;
    at = quote + 1;
    if (!opens_field(text, row, quote, dialect)) continue;
    at = closed_field_end(text, quote, dialect);
    if (at == unclear) return unclear;
    if (at <= stop) continue;
    lines += static_cast<std::size_t>(std::ranges::count(text.substr(quote, at - quote), '\n'));
    stop = std::min(text.find('\n', at), text.size());
  }
  return stop;
}

/// Counts the lines of the rows that begin in text[begin, end), where a row begins at `begin`. What
/// a quote may enclose is looked for up to `limit`.
Scanned scan(std::string_view text, std::size_t begin, std::size_t end, std::size_t limit,
             CsvDialect dialect) {
  Scanned scanned{.block = {.begin = begin, .end = end}};
  const bool has_quotes = text.substr(begin, end - begin).find('"') != std::string_view::npos;
  bool blank = false;
  std::size_t at = begin;
  for (; at < end; ++scanned.lines) {
    std::size_t stop = std::min(text.find('\n', at), text.size());
    const bool is_empty = is_blank_line(text.substr(at, stop - at), dialect);
    if (has_quotes && !is_empty) {
      stop = row_end(text.substr(0, limit), at, stop, dialect, scanned.lines);
      // What the limit cuts off may go on behind it.
      scanned.is_unclear = stop == unclear || (stop == limit && limit < text.size());
      if (scanned.is_unclear) return scanned;
    }
    at = stop + 1;
    if (is_empty) {
      blank = true;
      continue;
    }
    if (blank) {
      (scanned.block.rows == 0 ? scanned.blank_before_rows : scanned.blank_between_rows) = true;
      blank = false;
    }
    ++scanned.block.rows;
  }
  scanned.block.end = std::min(at, text.size());
  scanned.blank_at_end = blank;
  return scanned;
}

/// As scan(), with as much text as a block for a row that goes on behind it.
Scanned scan_block(std::string_view text, std::size_t begin, std::size_t end,
                   std::size_t block_bytes, CsvDialect dialect) {
  return scan(text, begin, end, std::min(end + block_bytes, text.size()), dialect);
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

/// Each block as if a row began with it.
std::vector<Scanned> scan_in_parallel(std::string_view text, CsvDialect dialect,
                                      std::size_t block_bytes) {
  const std::vector<std::size_t> border = borders(text, block_bytes);
  std::vector<Scanned> scanned(border.size() - 1);
  const std::size_t threads =
      std::clamp<std::size_t>(process::processor_count(), 1, scanned.size());
  const auto work = [&](std::size_t thread) {
    for (std::size_t k = thread; k < scanned.size(); k += threads)
      scanned[k] = scan_block(text, border[k], border[k + 1], block_bytes, dialect);
  };
  std::vector<std::jthread> workers;
  for (std::size_t thread = 1; thread < threads; ++thread) workers.emplace_back(work, thread);
  work(0);
  return scanned;
}

/// Scans a block again where the last row of the one before ends in it: its rows begin there. False
/// where it is for CsvRows to look.
bool align_blocks(std::vector<Scanned>& scanned, std::string_view text, CsvDialect dialect,
                  std::size_t block_bytes) {
  std::size_t begin = 0;
  for (std::size_t k = 0; k < scanned.size(); ++k) {
    if (scanned[k].block.begin != begin) {
      const std::size_t end = k + 1 < scanned.size() ? scanned[k + 1].block.begin : text.size();
      scanned[k] = begin < end ? scan_block(text, begin, end, block_bytes, dialect)
                               : Scanned{.block = {.begin = begin, .end = begin}};
    }
    if (scanned[k].is_unclear) return false;
    begin = scanned[k].block.end;
  }
  return true;
}

/// Numbers the blocks; false if a blank line stands between rows.
bool number_blocks(const std::vector<Scanned>& scanned, std::size_t line,
                   std::vector<CsvBlock>& blocks) {
  std::size_t row = 1;
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
                                       const std::string& file, std::size_t first_line,
                                       std::size_t block_bytes) {
  std::vector<CsvBlock> blocks;
  CsvRows rows(text, dialect, file, first_line);
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
                                 std::size_t block_bytes, std::size_t first_line) {
  if (text.empty()) return {};
  std::vector<Scanned> scanned = scan_in_parallel(text, dialect, block_bytes);
  std::vector<CsvBlock> blocks;
  if (align_blocks(scanned, text, dialect, block_bytes) &&
      number_blocks(scanned, first_line, blocks))
    return blocks;
  return index_by_reading(text, dialect, file, first_line, block_bytes);
}

}  // namespace losscalc::io
