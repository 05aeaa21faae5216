#include "commands/inputs/settle.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "commands/inputs/class_names.h"
#include "commands/inputs/pairing.h"
#include "diagnostics/error.h"
#include "io/column_names.h"
#include "io/gather.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

std::size_t length(const io::Array& array) { return array.rank() == 0 ? 0 : array.shape()[0]; }

bool can_be_read_again(const InputArray& input) {
  return input.array->reading().with_header != nullptr && input.files.size() == 1 &&
         input.has_samples;
}

std::string file_of(const InputArray& input) { return input.array->place().file; }

/// Identifies arrays that are derived from others.
std::string key_of(const std::string& what, const std::vector<const io::Array*>& arrays) {
  std::string key = what;
  for (const io::Array* const array : arrays)
    key += " " + std::to_string(reinterpret_cast<std::uintptr_t>(array));
  return key;
}

/// The input that others are held against: the predictions, or the first that has samples.
const InputArray* reference_of(const std::vector<InputArray>& inputs) {
  const InputArray* first = nullptr;
  for (const InputArray& input : inputs) {
    if (!input.has_samples) continue;
    if (input.role == "pred") return &input;
    if (first == nullptr) first = &input;
  }
  return first;
}

// --- the first row ---

bool is_open(const InputArray& input) {
  const io::Reading& reading = input.array->reading();
  return !reading.header_doubt.empty() && !reading.header_is_likely;
}

bool is_likely(const InputArray& input) {
  const io::Reading& reading = input.array->reading();
  return !reading.header_doubt.empty() && reading.header_is_likely;
}

[[noreturn]] void throw_open_header(const InputArray& input) {
  throw Error(ErrorCode::malformed_csv, input.array->reading().header_doubt,
              Place{.file = file_of(input), .line = 1},
              "say which: --header yes or --header no, or of one file '" + file_of(input) +
                  "#header=yes' or '" + file_of(input) + "#header=no'");
}

const io::Array* read_again(const InputArray& input, bool header, Sources& sources) {
  const std::string key = key_of(header ? "with header" : "without header", {input.array});
  return &sources.derived(key, [&] {
    io::Array array = input.array->reading().with_header(header);
    if (header)
      array.add_note("the first row is the header, as the length of the other input tells");
    return array;
  });
}

/// How many samples the other inputs have, if that is settled.
std::optional<std::size_t> other_length(const std::vector<InputArray>& inputs,
                                        const InputArray& input,
                                        bool (*is_doubtful)(const InputArray&)) {
  for (const InputArray& other : inputs) {
    if (&other == &input || !other.has_samples || other.array->rank() == 0) continue;
    if (!is_open(other) && !is_doubtful(other)) return length(*other.array);
  }
  return std::nullopt;
}

void settle_headers(std::vector<InputArray>& inputs, Sources& sources) {
  for (InputArray& input : inputs) {
    if (!is_likely(input) || !can_be_read_again(input)) continue;
    const auto samples = other_length(inputs, input, is_likely);
    if (samples && *samples == length(*input.array) + 1)
      input.array = read_again(input, false, sources);
  }
  for (InputArray& input : inputs) {
    if (!is_open(input)) continue;
    const auto samples = can_be_read_again(input) ? other_length(inputs, input, is_open)
                                                  : std::optional<std::size_t>();
    const std::size_t rows = length(*input.array);
    if (!samples) throw_open_header(input);
    // One row too many is rather a mistake than a header, if no other file has one of that kind.
    const bool is_header = *samples + 1 == rows && std::ranges::any_of(inputs, is_likely);
    if (*samples + 1 == rows && !is_header) throw_open_header(input);
    input.array = read_again(input, is_header, sources);
  }
}

/// First rows that are the same in both files are more likely quantiles than samples.
void check_quantiles(const std::vector<InputArray>& inputs) {
  for (const InputArray& input : inputs) {
    const auto& quantiles = input.array->reading().quantiles;
    const auto is_same = [&](const InputArray& other) {
      return file_of(other) != file_of(input) && other.array->reading().is_whole &&
             other.array->reading().quantiles == quantiles;
    };
    if (quantiles.empty() || !input.array->reading().is_whole) continue;
    if (std::ranges::none_of(inputs, is_same)) continue;
    throw Error(ErrorCode::malformed_csv,
                "the first row, " + text::quoted(text::listed(quantiles)) +
                    ", is the same as in another input: it may be a header or data",
                Place{.file = file_of(input), .line = 1}, "say which: --header yes or --header no");
  }
}

/// A column that is named after the predictions or targets and is given as weights.
void check_weights(const std::vector<InputArray>& inputs) {
  for (const InputArray& input : inputs) {
    const bool is_weight = input.role.ends_with("weight");
    const io::Array& array = *input.array;
    if (!is_weight || !array.reading().is_whole || array.column_names().size() != 1) continue;
    const std::string& column = array.column_names().front();
    const bool names_other = (column == "pred" || column == "target" || io::names_input(column)) &&
                             column.find("weight") == std::string::npos;
    if (!names_other) continue;
    throw Error(ErrorCode::malformed_csv,
                "column " + text::quoted(column) + " is given as " + input.role,
                Place{.file = file_of(input), .line = 1},
                "name it if it is meant: '" + file_of(input) + "#col=" + column + "'");
  }
}

// --- keys ---

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
  return &sources.derived(key_of("left out", {input.array}), [&] {
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

// --- pairing ---

void throw_unmatched(const InputArray& one, const InputArray& other, const KeyMatch& match) {
  const io::Array& keys = *one.array->keys();
  const io::Array& others = *other.array->keys();
  const bool missing = match.missing > 0;
  const std::size_t count = missing ? match.missing : match.extra;
  std::string message = missing
                            ? shown_key(keys, match.first_missing) + " is not in " + file_of(other)
                            : shown_key(others, match.first_extra) + " is not in " + file_of(one);
  if (count > 1) message += ", nor are " + text::counted(count - 1, "other key");
  throw Error(ErrorCode::conflicting_arguments, message,
              missing ? keys.place(match.first_missing) : others.place(match.first_extra),
              "--unmatched drop leaves out samples that one file lacks");
}

std::string note_of_pairing(std::size_t kept, std::size_t dropped) {
  std::string note = "samples are paired by key: " + text::counted(kept, "sample");
  if (dropped > 0) note += "; " + text::counted(dropped, "sample") + " without a partner dropped";
  return note;
}

io::Array noted(io::Array array, std::string note) {
  array.add_note(std::move(note));
  return array;
}

/// Puts the samples of all inputs with keys in the order of the reference's.
void pair_by_key(std::vector<InputArray>& inputs, Sources& sources) {
  const InputArray* const reference = reference_of(inputs);
  if (reference == nullptr || reference->array->keys() == nullptr) return;
  const InputArray first = *reference;
  const io::Array& keys = *first.array->keys();
  std::vector<std::size_t> kept(keys.size());
  for (std::size_t k = 0; k < kept.size(); ++k) kept[k] = k;
  std::vector<std::pair<InputArray*, KeyMatch>> others;
  for (InputArray& input : inputs) {
    if (input.array == first.array || !input.has_samples || input.array->keys() == nullptr)
      continue;
    if (same_words(keys, *input.array->keys())) continue;
    KeyMatch match = match_keys(keys, *input.array->keys());
    if (!match.is_whole() && !sources.drops_unmatched()) throw_unmatched(first, input, match);
    std::erase_if(kept, [&](std::size_t k) { return match.positions[k] == KeyMatch::none; });
    others.emplace_back(&input, std::move(match));
  }
  if (others.empty()) return;
  if (kept.empty()) {
    throw Error(ErrorCode::no_data, "no key is in all files", Place{.file = file_of(first)});
  }
  std::vector<const io::Array*> arrays;
  arrays.reserve(inputs.size());
  for (const InputArray& input : inputs) arrays.push_back(input.array);
  const std::string key = key_of("paired", arrays);
  const auto gather = [&](InputArray& input, const std::vector<std::size_t>& rows) {
    const io::Array& from = *input.array;
    input.array = &sources.derived(key_of(key, {&from}), [&] {
      io::Array array =
          noted(io::gathered(from, rows), note_of_pairing(rows.size(), length(from) - rows.size()));
      array.set_keys(io::gathered(*from.keys(), rows));
      return array;
    });
  };
  const bool all_kept = kept.size() == keys.size();
  for (auto& [input, match] : others) {
    std::vector<std::size_t> rows;
    rows.reserve(kept.size());
    for (const std::size_t k : kept) rows.push_back(match.positions[k]);
    gather(*input, rows);
  }
  if (all_kept) return;
  for (InputArray& input : inputs) {
    const bool is_other =
        std::ranges::any_of(others, [&](const auto& other) { return other.first == &input; });
    if (!is_other && input.has_samples && input.array->keys() != nullptr) gather(input, kept);
  }
}

/// With keys in the files themselves (objects by name), all inputs must have them or none; where
/// --id asks for them, all.
void check_all_have_keys(const std::vector<InputArray>& inputs, bool by_name) {
  const InputArray* with = nullptr;
  const InputArray* without = nullptr;
  for (const InputArray& input : inputs) {
    if (!input.has_samples || input.array->rank() == 0) continue;
    (input.array->keys() != nullptr ? with : without) = &input;
  }
  if (with == nullptr && without != nullptr && by_name) {
    throw Error(ErrorCode::missing_array, "its samples have no keys",
                Place{.file = file_of(*without)}, "leave --id out to pair samples by position");
  }
  if (with == nullptr || without == nullptr) return;
  throw Error(ErrorCode::missing_array,
              "its samples have no keys, and those of " + file_of(*with) + " are named by keys",
              Place{.file = file_of(*without)},
              "give both with keys, or neither: --id names the column or array of keys");
}

// --- names of columns ---

/// Without what all names begin and end with: 'p_cat', 'p_dog' -> 'cat', 'dog'.
std::vector<std::string> labels_of(std::vector<std::string> names) {
  const auto reversed = [](std::vector<std::string> words) {
    for (std::string& word : words) std::ranges::reverse(word);
    return words;
  };
  return reversed(class_labels(reversed(class_labels(std::move(names)))));
}

std::vector<std::string> in_small_letters(std::vector<std::string> names) {
  for (std::string& name : names) {
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  }
  return names;
}

/// The positions of columns in the order of other names; nothing if these are not the same ones.
std::optional<std::vector<std::size_t>> order_of(const std::vector<std::string>& names,
                                                 const std::vector<std::string>& wanted) {
  if (!std::ranges::is_permutation(names, wanted)) return std::nullopt;
  std::vector<std::size_t> positions;
  positions.reserve(wanted.size());
  for (const std::string& name : wanted)
    positions.push_back(static_cast<std::size_t>(std::ranges::find(names, name) - names.begin()));
  return positions;
}

/// Whether a column is the same in both, number by number, and could be one of keys: one-hot
/// columns are alike where predictions are right, and constants tell nothing apart.
bool is_same_column(const io::Array& one, const io::Array& other, std::size_t column) {
  constexpr std::size_t piece_rows = 1024;
  const std::size_t width = one.shape()[1];
  const std::size_t rows = one.shape()[0];
  std::vector<double> values;
  std::vector<double> others;
  double smallest = std::numeric_limits<double>::infinity();
  double largest = -smallest;
  for (std::size_t row = 0; row < rows;) {
    const std::size_t count = std::min(row == 0 ? std::size_t{1} : piece_rows, rows - row);
    values.resize(count * width);
    others.resize(count * width);
    one.read(row * width, values);
    other.read(row * width, others);
    for (std::size_t k = 0; k < count; ++k) {
      const double value = values[k * width + column];
      if (value != others[k * width + column]) return false;
      smallest = std::min(smallest, value);
      largest = std::max(largest, value);
    }
    row += count;
  }
  const bool may_be_share = smallest >= 0.0 && largest <= 1.0;
  return smallest < largest && !may_be_share;
}

/// A column that is the same in predictions and targets, beside others that are not, is rather a
/// key than an output without any error.
void check_same_columns(const InputArray& reference, const InputArray& input) {
  constexpr std::size_t fewest_rows = 2;
  constexpr std::size_t most_columns = 64;
  const io::Array& one = *reference.array;
  const io::Array& other = *input.array;
  const bool are_tables = one.reading().is_whole && other.reading().is_whole && one.rank() == 2;
  if (!are_tables || one.shape() != other.shape() || file_of(reference) == file_of(input)) return;
  if (one.shape()[0] < fewest_rows || one.shape()[1] > most_columns) return;
  if (one.type() == io::ElementType::text || other.type() == io::ElementType::text) return;
  std::vector<std::size_t> same;
  for (std::size_t column = 0; column < one.shape()[1]; ++column) {
    if (is_same_column(one, other, column)) same.push_back(column);
  }
  if (same.empty() || same.size() == one.shape()[1]) return;
  const std::vector<std::string>& names = one.column_names();
  const std::string name = names.size() == one.shape()[1] ? text::quoted(names[same.front()])
                                                          : std::to_string(same.front() + 1);
  throw Error(
      ErrorCode::malformed_csv,
      "column " + name + " is the same as in " + file_of(reference) +
          ": it may be a key and no data",
      Place{.file = file_of(input)},
      "name the columns that are data in both files: '" + file_of(input) + "#col=1-*' takes all");
}

void match_columns(const InputArray& reference, InputArray& input, Sources& sources) {
  const io::Array& from = *input.array;
  const auto has_names = [](const io::Array& array) {
    return array.rank() == 2 && array.shape()[1] > 1 &&
           array.column_names().size() == array.shape()[1];
  };
  // An order that was asked for is kept.
  if (!reference.array->reading().is_whole || !from.reading().is_whole) return;
  if (!has_names(*reference.array) || !has_names(from)) return;
  const std::vector<std::string>& wanted = reference.array->column_names();
  const std::vector<std::string>& names = from.column_names();
  if (names == wanted || names.size() != wanted.size()) return;
  auto order = order_of(names, wanted);
  if (!order) order = order_of(labels_of(names), labels_of(wanted));
  if (!order)
    order = order_of(in_small_letters(labels_of(names)), in_small_letters(labels_of(wanted)));
  if (!order) {
    const auto common = std::ranges::find_first_of(names, wanted);
    if (common == names.end()) return;
    const auto odd = std::ranges::find_if(names, [&](const std::string& name) {
      return std::ranges::find(wanted, name) == wanted.end();
    });
    throw Error(ErrorCode::conflicting_arguments,
                "column " + text::quoted(*common) + " is in " + file_of(reference) +
                    ", too, and column " + text::quoted(*odd) + " is not",
                Place{.file = file_of(input)},
                "if it names the samples, add --id " + text::shell_word(*common) +
                    "; else name the columns that are data in both files, as in '" +
                    file_of(input) + "#col=1'");
  }
  if (std::ranges::is_sorted(*order)) return;
  input.array = &sources.derived(key_of("columns", {reference.array, &from}), [&] {
    return noted(from.columns(*order),
                 "columns are matched by name with those of " + file_of(reference));
  });
}

}  // namespace

std::vector<InputArray> settled(std::vector<InputArray> inputs, Sources& sources) {
  settle_headers(inputs, sources);
  check_quantiles(inputs);
  check_weights(inputs);
  check_keys(inputs, sources.id_mode() == IdMode::by_files);
  for (InputArray& input : inputs) input.array = with_keys_left_out(input, sources);
  if (sources.id_mode() != IdMode::none) {
    check_all_have_keys(inputs, sources.id_mode() == IdMode::by_name);
    pair_by_key(inputs, sources);
  }
  if (const InputArray* const reference = reference_of(inputs)) {
    const InputArray first = *reference;
    for (InputArray& input : inputs) {
      if (input.array != first.array && input.role == "target")
        match_columns(first, input, sources);
      if (input.array != first.array && input.role == "target") check_same_columns(first, input);
    }
  }
  return inputs;
}

}  // namespace losscalc::commands
