#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>
#include <utility>

#include "commands/inputs/class_names.h"
#include "commands/inputs/settle_steps.h"
#include "diagnostics/error.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

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
  input.array = &sources.derived(derived_key("columns", {reference.array, &from}), [&] {
    return noted(from.columns(*order),
                 "columns are matched by name with those of " + file_of(reference));
  });
}

}  // namespace

void settle_columns(std::vector<InputArray>& inputs, Sources& sources) {
  const InputArray* const reference = reference_of(inputs);
  if (reference == nullptr) return;
  const InputArray first = *reference;
  for (InputArray& input : inputs) {
    if (input.array == first.array || input.role != "target") continue;
    match_columns(first, input, sources);
    check_same_columns(first, input);
  }
}

}  // namespace losscalc::commands
