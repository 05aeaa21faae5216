#include <algorithm>
#include <utility>

#include "commands/inputs/pairing.h"
#include "commands/inputs/settle_steps.h"
#include "diagnostics/error.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

const io::KeyColumn* key_named(const io::Array& array, const std::string& name) {
  const auto& keys = array.reading().key_columns;
  const auto found = std::ranges::find(keys, name, &io::KeyColumn::name);
  return found == keys.end() ? nullptr : &*found;
}

std::string advice_to_pair(const std::string& name) {
  return "add --id " + text::shell_word(name) +
         " to pair the samples by it; --id none pairs them by "
         "position whatever it says";
}

/// Keys of two files that are not the same, cell by cell.
[[noreturn]] void throw_other_keys(const InputArray& one, const InputArray& other,
                                   const io::KeyColumn& key, const io::KeyColumn& other_key,
                                   const KeyMatch& match) {
  const std::string column = "column " + text::quoted(key.name);
  const Place place{.file = file_of(other)};
  if (match.is_whole()) {
    throw Error(ErrorCode::conflicting_arguments,
                column + " has the same keys as in " + file_of(one) +
                    " in another order: the samples don't belong together row by row",
                place, advice_to_pair(key.name));
  }
  const bool missing = match.missing > 0;
  throw Error(ErrorCode::conflicting_arguments,
              column + " has other keys than in " + file_of(one) + ": " +
                  (missing ? shown_key(*key.words, match.first_missing) + " is missing"
                           : shown_key(*other_key.words, match.first_extra) + " is not there"),
              place,
              advice_to_pair(key.name) +
                  "; with --unmatched drop, samples without a partner are left "
                  "out");
}

/// Whether the words are all different and the same in both, in another order. A few rows agree by
/// chance.
bool is_reordered(const io::Array& words, const io::Array& others) {
  constexpr std::size_t fewest = 3;
  if (words.size() < fewest || words.size() != others.size()) return false;
  try {
    return match_keys(words, others).is_whole();
  } catch (const Error&) {
    return false;  // a word stands twice: these are no keys
  }
}

[[noreturn]] void throw_other_keys(const InputArray& one, const InputArray& other,
                                   const io::KeyColumn& key, const io::KeyColumn& other_key) {
  throw_other_keys(one, other, key, other_key, match_keys(*key.words, *other_key.words));
}

/// Whether two files say by a common key that their rows belong together. Throws Error if they say
/// the opposite.
bool agree_by_key(const InputArray& one, const InputArray& other, const io::KeyColumn& key) {
  const io::KeyColumn* const other_key = key_named(*other.array, key.name);
  if (other_key == nullptr) return false;
  if (same_words(*key.words, *other_key->words)) return true;
  if (key.is_guess || other_key->is_guess) {
    if (is_reordered(*key.words, *other_key->words)) throw_other_keys(one, other, key, *other_key);
    return true;
  }
  const KeyMatch match = match_keys(*key.words, *other_key->words);
  // An index without a name tells of the table that was saved, not of the samples.
  const bool is_index = key.certain && other_key->certain && key.has_no_name;
  if (is_index && !match.is_whole()) return true;
  throw_other_keys(one, other, key, *other_key, match);
}

[[noreturn]] void throw_open_key(const InputArray& input, const io::KeyColumn& key) {
  const std::string column = "column " + (key.has_no_name ? key.name : text::quoted(key.name));
  std::string hint;
  if (!key.fragment.empty()) hint = "leave it out: '" + file_of(input) + key.fragment + "'";
  hint += hint.empty() ? "" : "; ";
  if (key.holds_words) {
    hint += "or pair the samples by it: --id " + text::shell_word(key.name);
  } else {
    hint += "name all columns if it is data: '" + file_of(input) + "#col=1-*'";
  }
  throw Error(ErrorCode::malformed_csv, column + " may be a key and no data: " + key.why,
              Place{.file = file_of(input)}, hint);
}

/// Inputs that have a number for each class: their keys are names of classes.
bool is_of_classes(const std::string& role) {
  return role == "class_weight" || role == "pos_weight";
}

/// What the files themselves say of keys must not be contradictory, and no column be left out that
/// may be data. `by_files`: whether nothing else says how samples are paired.
void check_keys(const std::vector<InputArray>& inputs, bool by_files) {
  for (const InputArray& input : inputs) {
    if (is_of_classes(input.role)) continue;
    for (const io::KeyColumn& key : input.array->reading().key_columns) {
      bool is_settled = key.certain || key.fragment.empty();
      for (const InputArray& other : inputs) {
        if (&other == &input || !input.has_samples || !other.has_samples) continue;
        const bool of_one_file = file_of(other) == file_of(input);
        const bool agrees = of_one_file || !by_files ? key_named(*other.array, key.name) != nullptr
                                                     : agree_by_key(input, other, key);
        is_settled = is_settled || (agrees && !key.holds_words);
      }
      if (!is_settled) throw_open_key(input, key);
    }
  }
}

/// The columns that were settled to be keys are named as left out.
const io::Array* with_keys_left_out(const InputArray& input, Sources& sources) {
  const auto is_new = [](const io::KeyColumn& key) {
    return !key.certain && !key.fragment.empty();
  };
  if (is_of_classes(input.role)) return input.array;
  if (std::ranges::none_of(input.array->reading().key_columns, is_new)) return input.array;
  return &sources.derived(derived_key("left out", {input.array}), [&] {
    io::Array array = *input.array;
    io::Reading reading = array.reading();
    for (io::KeyColumn& key : reading.key_columns) {
      if (!is_new(key)) continue;
      reading.left_out.push_back(
          {"column " + text::quoted(key.name), "it is a key, the same in the other input"});
      key.certain = true;
    }
    array.set_reading(std::move(reading));
    return array;
  });
}

}  // namespace

void settle_keys(std::vector<InputArray>& inputs, Sources& sources) {
  check_keys(inputs, sources.id_mode() == IdMode::by_files);
  for (InputArray& input : inputs) input.array = with_keys_left_out(input, sources);
}

}  // namespace losscalc::commands
