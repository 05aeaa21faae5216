#include "commands/inputs/pairing.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <string_view>
#include <thread>

#include "diagnostics/error.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

constexpr std::size_t piece = 4096;

[[noreturn]] void throw_doubled(const io::Array& keys, std::size_t first, std::size_t count) {
  std::string message = shown_key(keys, first) + " names two samples";
  if (count > 1) message += ", and so do " + text::counted(count - 1, "other key");
  throw Error(ErrorCode::malformed_csv, message, keys.place(first),
              "samples are paired by a key that is different for each");
}

/// Calls `visit` with each word in turn, until it returns false.
template <class Visit>
void for_each_word(const io::Array& words, Visit visit) {
  std::vector<std::string> cells;
  for (std::size_t first = 0; first < words.size(); first += cells.size()) {
    cells.resize(std::min(piece, words.size() - first));
    words.read_words(first, cells);
    for (const std::string& cell : cells) {
      if (!visit(cell)) return;
    }
  }
}

/// All words of an array, one behind the other.
class HeldWords {
 public:
  explicit HeldWords(const io::Array& words) {
    ends_.reserve(words.size());
    for_each_word(words, [this](const std::string& word) {
      characters_ += word;
      ends_.push_back(characters_.size());
      return true;
    });
  }

  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t position) const {
    const std::size_t begin = position == 0 ? 0 : ends_[position - 1];
    return std::string_view(characters_).substr(begin, ends_[position] - begin);
  }

 private:
  std::string characters_;
  std::vector<std::size_t> ends_;
};

/// Words of up to eight bytes, none of which is zero, as numbers.
using PackedWords = std::vector<std::uint64_t>;

/// The words from `first` on; false if one is longer.
bool pack(const io::Array& words, std::size_t first, std::span<std::uint64_t> numbers) {
  std::vector<std::string> cells;
  for (std::size_t done = 0; done < numbers.size(); done += cells.size()) {
    cells.resize(std::min(piece, numbers.size() - done));
    words.read_words(first + done, cells);
    for (std::size_t k = 0; k < cells.size(); ++k) {
      std::uint64_t& number = numbers[done + k];
      if (cells[k].size() > sizeof(number) || cells[k].find('\0') != std::string::npos)
        return false;
      std::memcpy(&number, cells[k].data(), cells[k].size());
    }
  }
  return true;
}

/// Nothing if a word is longer. Parts are read side by side.
std::optional<PackedWords> packed(const io::Array& words) {
  const std::size_t parts = std::clamp(std::thread::hardware_concurrency(), 1U, 16U);
  PackedWords numbers(words.size(), 0);
  std::vector<std::future<bool>> packing;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t first = words.size() * part / parts;
    const std::size_t end = words.size() * (part + 1) / parts;
    packing.push_back(std::async(std::launch::async, [&words, &numbers, first, end] {
      return pack(words, first, std::span(numbers).subspan(first, end - first));
    }));
  }
  bool are_short = true;
  for (std::future<bool>& part : packing) are_short = part.get() && are_short;
  if (!are_short) return std::nullopt;
  return numbers;
}

std::size_t hash_of(std::string_view word) { return std::hash<std::string_view>{}(word); }

/// The finaliser of splitmix64 (Steele, Lea and Flood, 2014), which mixes all bits.
std::size_t hash_of(std::uint64_t number) {
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

/// Where each key stands; open addressing with linear probing. A slot holds the key itself, so that
/// a packed one is compared where it is found.
template <class Key>
class KeyTable {
 public:
  explicit KeyTable(std::size_t keys) {
    std::size_t slots = 16;
    while (slots < 2 * keys) slots *= 2;
    slots_.assign(slots, {Key{}, KeyMatch::none});
  }

  /// The position that the key has already, or none and then it has this one.
  std::size_t add(Key key, std::size_t position) {
    Slot& slot = slot_of(key);
    if (slot.position != KeyMatch::none) return slot.position;
    slot = {key, position};
    return KeyMatch::none;
  }

  std::size_t find(Key key) { return slot_of(key).position; }

 private:
  struct Slot {
    Key key;
    std::size_t position;
  };

  Slot& slot_of(Key key) {
    std::size_t at = hash_of(key) & (slots_.size() - 1);
    while (slots_[at].position != KeyMatch::none && slots_[at].key != key)
      at = (at + 1) & (slots_.size() - 1);
    return slots_[at];
  }

  std::vector<Slot> slots_;
};

template <class Key, class Words>
KeyMatch match_words(const io::Array& keys, const Words& own, const io::Array& other,
                     const Words& others) {
  KeyTable<Key> table(own.size());
  std::size_t doubled = 0;
  std::size_t first_doubled = 0;
  for (std::size_t k = 0; k < own.size(); ++k) {
    if (table.add(own[k], k) != KeyMatch::none && doubled++ == 0) first_doubled = k;
  }
  if (doubled > 0) throw_doubled(keys, first_doubled, doubled);
  KeyMatch match{.positions = std::vector<std::size_t>(own.size(), KeyMatch::none)};
  for (std::size_t k = 0; k < others.size(); ++k) {
    const std::size_t found = table.find(others[k]);
    if (found == KeyMatch::none) {
      if (match.extra++ == 0) match.first_extra = k;
    } else if (match.positions[found] != KeyMatch::none) {
      if (doubled++ == 0) first_doubled = k;
    } else {
      match.positions[found] = k;
    }
  }
  if (doubled > 0) throw_doubled(other, first_doubled, doubled);
  for (std::size_t k = 0; k < match.positions.size(); ++k) {
    if (match.positions[k] == KeyMatch::none && match.missing++ == 0) match.first_missing = k;
  }
  return match;
}

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
  const auto own_packed = packed(keys);
  const auto others_packed = own_packed ? packed(other) : std::nullopt;
  if (own_packed && others_packed)
    return match_words<std::uint64_t>(keys, *own_packed, other, *others_packed);
  return match_words<std::string_view>(keys, HeldWords(keys), other, HeldWords(other));
}

std::string shown_key(const io::Array& keys, std::size_t position) {
  std::string word;
  keys.read_words(position, std::span(&word, 1));
  return "key " + text::quoted(word);
}

}  // namespace losscalc::commands
