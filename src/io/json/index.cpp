#include "io/json/index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace losscalc::io {
namespace {

using Mask = std::uint64_t;

constexpr std::size_t chunk_size = 64;
/// simdjson's own limit.
constexpr std::size_t max_levels = 1024;

/// Bit i tells of byte i of a chunk.
struct ChunkMasks {
  Mask quotes = 0;
  Mask backslashes = 0;
  Mask brackets = 0;
  Mask commas = 0;
};

/// '[' and '{', and ']' and '}', differ in this bit alone.
constexpr unsigned char brace_bit = 0x20;

#ifdef __SSE2__
ChunkMasks masks_of(const char* chunk) {
  ChunkMasks masks;
  for (std::size_t at = 0; at < chunk_size; at += sizeof(__m128i)) {
    __m128i bytes;
    std::memcpy(&bytes, chunk + at, sizeof bytes);
    const __m128i braces = _mm_or_si128(bytes, _mm_set1_epi8(brace_bit));
    const auto matches = [at](__m128i part, char wanted) {
      const int bits = _mm_movemask_epi8(_mm_cmpeq_epi8(part, _mm_set1_epi8(wanted)));
      return static_cast<Mask>(bits) << at;
    };
    masks.quotes |= matches(bytes, '"');
    masks.backslashes |= matches(bytes, '\\');
    masks.brackets |= matches(braces, '{') | matches(braces, '}');
    masks.commas |= matches(bytes, ',');
  }
  return masks;
}
#else
ChunkMasks masks_of(const char* chunk) {
  ChunkMasks masks;
  for (std::size_t i = 0; i < chunk_size; ++i) {
    const auto byte = static_cast<unsigned char>(chunk[i]);
    const auto brace = static_cast<unsigned char>(byte | brace_bit);
    masks.quotes |= Mask{byte == '"'} << i;
    masks.backslashes |= Mask{byte == '\\'} << i;
    masks.brackets |= Mask{brace == '{' || brace == '}'} << i;
    masks.commas |= Mask{byte == ','} << i;
  }
  return masks;
}
#endif

/// Tells which bytes stand in strings, from the opening quote to before the closing one.
class StringTracker {
 public:
  Mask inside(const ChunkMasks& masks) {
    Mask quoted = masks.quotes & ~escaped(masks.backslashes);
    for (unsigned shift = 1; shift < chunk_size; shift *= 2) quoted ^= quoted << shift;
    quoted ^= in_string_;
    in_string_ = Mask{0} - (quoted >> (chunk_size - 1));
    return quoted;
  }

  bool in_string() const { return in_string_ != 0; }

 private:
  /// Bytes after an odd number of backslashes. A carry runs through each run of backslashes and so
  /// finds the parity of its end (Langdale and Lemire, "Parsing gigabytes of JSON per second",
  /// section 3.1.1).
  Mask escaped(Mask backslashes) {
    if (backslashes == 0) {
      const Mask first = escapes_next_;
      escapes_next_ = 0;
      return first;
    }
    constexpr Mask even = 0x5555555555555555U;
    backslashes &= ~escapes_next_;
    const Mask follows = backslashes << 1U | escapes_next_;
    const Mask odd_starts = backslashes & ~even & ~follows;
    const Mask ends = odd_starts + backslashes;
    escapes_next_ = ends < odd_starts ? 1 : 0;
    return (even ^ (ends << 1U)) & follows;
  }

  Mask in_string_ = 0;
  Mask escapes_next_ = 0;
};

/// An array or object that is not closed yet.
struct Level {
  bool is_object = false;
  std::size_t begin = 0;
  std::size_t commas = 0;
  std::size_t last_comma = 0;  ///< or the bracket
  std::size_t run_first = 0;
  std::size_t run_begin = 0;
  std::size_t node = JsonRun::none;  ///< the child since the last comma, if it is a node
  std::vector<JsonRun> runs = {};

  void end_run(std::size_t end) {
    runs.push_back({run_first, commas + 1 - run_first, run_begin, end, node});
    node = JsonRun::none;
  }
  void begin_run(std::size_t begin_of_run) {
    run_begin = begin_of_run;
    run_first = commas;
  }
};

class Indexer {
 public:
  Indexer(std::string_view text, std::size_t block)
      : text_(text), block_(std::max(block, std::size_t{1})), levels_(max_levels) {}

  JsonIndex index() {
    std::array<char, chunk_size> last;
    for (std::size_t base = 0; base < text_.size() && ok(); base += chunk_size) {
      const char* chunk = text_.data() + base;
      if (text_.size() - base < chunk_size) {
        last.fill(' ');
        std::memcpy(last.data(), chunk, text_.size() - base);
        chunk = last.data();
      }
      take_chunk(base, masks_of(chunk));
    }
    if (ok() && (depth_ > 0 || strings_.in_string())) fail(JsonIndex::Result::unpaired);
    return std::move(index_);
  }

 private:
  bool ok() const { return index_.result == JsonIndex::Result::indexed; }
  void fail(JsonIndex::Result result) {
    if (ok()) index_.result = result;
  }

  void take_chunk(std::size_t base, const ChunkMasks& masks) {
    const Mask outside = ~strings_.inside(masks);
    Mask commas = masks.commas & outside;
    for (Mask brackets = masks.brackets & outside; brackets != 0; brackets &= brackets - 1) {
      const Mask before = (brackets & (0 - brackets)) - 1;
      if ((commas & before) != 0) take_commas(base, commas & before);
      commas &= ~before;
      const std::size_t at = base + static_cast<std::size_t>(std::countr_zero(brackets));
      const char bracket = text_[at];
      const bool is_object = (static_cast<unsigned char>(bracket) & brace_bit) != 0;
      if (bracket == '[' || bracket == '{') {
        open(at, is_object);
      } else {
        close(at, is_object);
      }
      if (!ok()) return;
    }
    if (commas != 0) take_commas(base, commas);
  }

  void take_commas(std::size_t base, Mask commas) {
    if (depth_ == 0) return fail(JsonIndex::Result::unpaired);
    Level& level = levels_[depth_ - 1];
    const std::size_t last =
        base + chunk_size - 1 - static_cast<std::size_t>(std::countl_zero(commas));
    const bool stays_in_run = level.node == JsonRun::none && last - level.run_begin < block_;
    if (stays_in_run) {
      level.commas += static_cast<std::size_t>(std::popcount(commas));
      level.last_comma = last;
      return;
    }
    for (; commas != 0; commas &= commas - 1) {
      const std::size_t at = base + static_cast<std::size_t>(std::countr_zero(commas));
      const bool ends_run = level.node != JsonRun::none || at - level.run_begin >= block_;
      if (ends_run) level.end_run(at);
      ++level.commas;
      level.last_comma = at;
      if (ends_run) level.begin_run(at + 1);
    }
  }

  void open(std::size_t at, bool is_object) {
    if (depth_ == levels_.size()) return fail(JsonIndex::Result::too_deep);
    if (depth_ == 0 && root_seen_) return fail(JsonIndex::Result::unpaired);
    root_seen_ = true;
    Level& level = levels_[depth_++];
    level.is_object = is_object;
    level.begin = at;
    level.commas = 0;
    level.last_comma = at;
    level.node = JsonRun::none;
    level.begin_run(at + 1);
    if (!level.runs.empty()) level.runs.clear();
  }

  void close(std::size_t at, bool is_object) {
    if (depth_ == 0 || levels_[depth_ - 1].is_object != is_object)
      return fail(JsonIndex::Result::unpaired);
    Level& level = levels_[--depth_];
    if (at + 1 - level.begin < block_) return;
    const bool empty =
        level.commas == 0 && is_blank(text_.substr(level.begin + 1, at - level.begin - 1));
    if (!empty) level.end_run(at);
    const std::size_t node = index_.nodes.size();
    index_.nodes.push_back({.is_object = is_object,
                            .begin = level.begin,
                            .end = at + 1,
                            .count = empty ? 0 : level.commas + 1,
                            .runs = std::move(level.runs)});
    level.runs = {};
    if (depth_ > 0) adopt(levels_[depth_ - 1], node);
  }

  /// Makes a run of the parent's children before the one that is a node.
  void adopt(Level& parent, std::size_t node) {
    // Two nodes without a comma between them.
    if (parent.node != JsonRun::none) return fail(JsonIndex::Result::unpaired);
    if (parent.commas > parent.run_first) {
      parent.runs.push_back({parent.run_first, parent.commas - parent.run_first, parent.run_begin,
                             parent.last_comma, JsonRun::none});
      parent.begin_run(parent.last_comma + 1);
    }
    parent.node = node;
  }

  std::string_view text_;
  std::size_t block_;
  JsonIndex index_;
  StringTracker strings_;
  std::vector<Level> levels_;
  std::size_t depth_ = 0;
  bool root_seen_ = false;
};

}  // namespace

JsonIndex index_json(std::string_view text, std::size_t block) {
  return Indexer(text, block).index();
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace losscalc::io
