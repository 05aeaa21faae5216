#include "commands/inputs/settle.h"

#include <cstdint>
#include <utility>

#include "commands/inputs/settle_steps.h"

namespace losscalc::commands {

std::size_t length(const io::Array& array) { return array.rank() == 0 ? 0 : array.shape()[0]; }

std::string file_of(const InputArray& input) { return input.array->place().file; }

std::string derived_key(const std::string& what, const std::vector<const io::Array*>& arrays) {
  std::string key = what;
  for (const io::Array* const array : arrays)
    key += " " + std::to_string(reinterpret_cast<std::uintptr_t>(array));
  return key;
}

const InputArray* reference_of(const std::vector<InputArray>& inputs) {
  const InputArray* first = nullptr;
  for (const InputArray& input : inputs) {
    if (!input.has_samples) continue;
    if (input.role == "pred") return &input;
    if (first == nullptr) first = &input;
  }
  return first;
}

io::Array noted(io::Array array, std::string note) {
  array.add_note(std::move(note));
  return array;
}

std::vector<InputArray> settled(std::vector<InputArray> inputs, Sources& sources) {
  settle_headers(inputs, sources);
  settle_keys(inputs, sources);
  pair_samples(inputs, sources);
  settle_columns(inputs, sources);
  return inputs;
}

}  // namespace losscalc::commands
