#include <algorithm>
#include <utility>

#include "commands/inputs/pairing.h"
#include "commands/inputs/settle_steps.h"
#include "diagnostics/error.h"
#include "io/gather.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

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
  const std::string key = derived_key("paired", arrays);
  const auto gather = [&](InputArray& input, const std::vector<std::size_t>& rows) {
    const io::Array& from = *input.array;
    input.array = &sources.derived(derived_key(key, {&from}), [&] {
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

}  // namespace

void pair_samples(std::vector<InputArray>& inputs, Sources& sources) {
  if (sources.id_mode() == IdMode::none) return;
  check_all_have_keys(inputs, sources.id_mode() == IdMode::by_name);
  pair_by_key(inputs, sources);
}

}  // namespace losscalc::commands
