#include "commands/inputs/pairing.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>

#include "diagnostics/error.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

constexpr std::size_t piece = 4096;

/// All words of an array, one behind the other, with the place of each in a hash table.
class WordTable {
 public:
  explicit WordTable(const io::Array& words) : source_(words) {
    ends_.reserve(words.size());
    std::size_t slots = 16;
    while (slots < 2 * words.size()) slots *= 2;
    slots_.assign(slots, empty);
    std::vector<std::string> cells;
    for (std::size_t first = 0; first < words.size(); first += cells.size()) {
      cells.resize(std::min(piece, words.size() - first));
      words.read_words(first, cells);
      for (const std::string& cell : cells) add(cell);
    }
    if (doubled_ > 0) {
      std::string message = text::quoted(word(first_doubled_)) + " names two samples";
      if (doubled_ > 1) message += ", and so do " + text::counted(doubled_ - 1, "other key");
      throw Error(ErrorCode::malformed_csv, message, source_.place(first_doubled_),
                  "samples are paired by a key that is different for each");
    }
  }

  std::size_t find(std::string_view cell) const {
    for (std::size_t slot = first_slot(cell);; slot = (slot + 1) & (slots_.size() - 1)) {
      if (slots_[slot] == empty) return KeyMatch::none;
      if (word(slots_[slot]) == cell) return slots_[slot];
    }
  }

  std::string_view word(std::size_t position) const {
    const std::size_t begin = position == 0 ? 0 : ends_[position - 1];
    return std::string_view(characters_).substr(begin, ends_[position] - begin);
  }

 private:
  static constexpr std::size_t empty = KeyMatch::none;

  std::size_t first_slot(std::string_view cell) const {
    return std::hash<std::string_view>{}(cell) & (slots_.size() - 1);
  }

  void add(std::string_view cell) {
    const std::size_t position = ends_.size();
    const std::size_t known = find(cell);
    characters_ += cell;
    ends_.push_back(characters_.size());
    if (known != KeyMatch::none) {
      if (doubled_++ == 0) first_doubled_ = position;
      return;
    }
    std::size_t slot = first_slot(cell);
    while (slots_[slot] != empty) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = position;
  }

  const io::Array& source_;
  std::string characters_;
  std::vector<std::size_t> ends_;
  std::vector<std::size_t> slots_;
  std::size_t doubled_ = 0;
  std::size_t first_doubled_ = 0;
};

}  // namespace

bool same_words(const io::Array& one, const io::Array& other) {
  if (one.size() != other.size()) return false;
  std::vector<std::string> cells;
  std::vector<std::string> others;
  for (std::size_t first = 0; first < one.size(); first += cells.size()) {
    cells.resize(std::min(piece, one.size() - first));
    others.resize(cells.size());
    one.read_words(first, cells);
    other.read_words(first, others);
    if (cells != others) return false;
  }
  return true;
}

KeyMatch match_keys(const io::Array& keys, const io::Array& other) {
  const WordTable own(keys);
  KeyMatch match{.positions = std::vector<std::size_t>(keys.size(), KeyMatch::none)};
  // The other's keys are looked up one by one, so that a doubled one among them is found, too.
  std::vector<std::string> cells;
  std::size_t doubled = 0;
  std::size_t first_doubled = 0;
  for (std::size_t first = 0; first < other.size(); first += cells.size()) {
    cells.resize(std::min(piece, other.size() - first));
    other.read_words(first, cells);
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const std::size_t found = own.find(cells[k]);
      if (found == KeyMatch::none) {
        if (match.extra++ == 0) match.first_extra = first + k;
      } else if (match.positions[found] != KeyMatch::none) {
        if (doubled++ == 0) first_doubled = first + k;
      } else {
        match.positions[found] = first + k;
      }
    }
  }
  if (doubled > 0) {
    std::string message = shown_key(other, first_doubled) + " names two samples";
    if (doubled > 1) message += ", and so do " + text::counted(doubled - 1, "other key");
    throw Error(ErrorCode::malformed_csv, message, other.place(first_doubled),
                "samples are paired by a key that is different for each");
  }
  for (std::size_t k = 0; k < match.positions.size(); ++k) {
    if (match.positions[k] == KeyMatch::none && match.missing++ == 0) match.first_missing = k;
  }
  return match;
}

std::string shown_key(const io::Array& keys, std::size_t position) {
  std::string word;
  keys.read_words(position, std::span(&word, 1));
  return "key " + text::quoted(word);
}

}  // namespace losscalc::commands
