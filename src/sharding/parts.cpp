#include "sharding/parts.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "io/bytes.h"
#include "text/lines.h"

namespace losscalc::sharding {
namespace {

/// The partials of a file: one on each line.
void append_parts(const std::string& file, std::vector<Part>& parts) {
  const io::Bytes bytes = io::load(file);
  const std::string_view text = io::without_byte_order_mark(bytes.text());
  const std::size_t before = parts.size();
  text::for_each_line(text, [&](std::string_view content, std::size_t line) {
    const Place place{.file = file, .line = line};
    parts.push_back({parse_partial(content, place), place});
  });
  if (parts.size() == before)
    throw Error(ErrorCode::no_data, "the file is empty", Place{.file = file});
}

std::string name_of(const Part& part) {
  return part.place.file + ":" + std::to_string(part.place.line);
}

void check_alike(const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    if (belong_together(parts.front().content, part.content)) continue;
    throw Error(ErrorCode::shards_mismatch,
                "this partial belongs to another computation than " + name_of(parts.front()) +
                    ": losses, input shapes, tables or numbers of shards differ",
                part.place, "this one was computed with " + part.content.specification);
  }
}

/// All shards must be there once; they are sorted by their numbers.
void check_complete(const std::vector<Part>& parts) {
  const std::size_t count = parts.front().content.shard.count;
  for (std::size_t k = 1; k < parts.size(); ++k) {
    const std::size_t index = parts[k].content.shard.index;
    if (index != parts[k - 1].content.shard.index) continue;
    throw Error(ErrorCode::shards_mismatch,
                "shard " + std::to_string(index) + " of " + std::to_string(count) +
                    " is given twice: here and in " + name_of(parts[k - 1]),
                parts[k].place);
  }
  constexpr std::size_t max_shown = 10;
  std::string missing;
  std::size_t number = 0;
  auto part = parts.begin();
  for (std::size_t index = 1; index <= count && number <= max_shown; ++index) {
    if (part != parts.end() && part->content.shard.index == index) {
      ++part;
      continue;
    }
    if (++number <= max_shown) missing += (missing.empty() ? "" : ", ") + std::to_string(index);
  }
  if (number == 0) return;
  const std::size_t absent = count - std::min(count, parts.size());
  throw Error(ErrorCode::shards_mismatch,
              std::to_string(absent) + " of " + std::to_string(count) +
                  (absent == 1 ? " shards is missing: " : " shards are missing: ") + missing +
                  (absent > max_shown ? ", ..." : ""));
}

}  // namespace

std::vector<Part> complete(std::vector<Part> parts) {
  check_alike(parts);
  std::ranges::stable_sort(parts, {}, [](const Part& part) { return part.content.shard.index; });
  check_complete(parts);
  return parts;
}

std::vector<Part> read_parts(const std::vector<std::string>& files) {
  std::vector<Part> parts;
  for (const std::string& file : files) append_parts(file, parts);
  return complete(std::move(parts));
}

void check_replaces_no_other(const std::string& file, const PartialFile& partial) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return;
  PartialFile there;
  try {
    there = parse_partial(io::load(file).text(), Place{.file = file});
  } catch (const Error&) {
    return;  // what is no partial was meant to be replaced
  }
  if (there.shard.index == partial.shard.index || !belong_together(there, partial)) return;
  throw Error(ErrorCode::conflicting_arguments,
              "the file holds shard " + std::to_string(there.shard.index) +
                  " of this computation, and this is shard " + std::to_string(partial.shard.index) +
                  " of " + std::to_string(partial.shard.count),
              Place{.file = file}, "give each shard its own file: --partial 'part-{shard}.json'");
}

}  // namespace losscalc::sharding
